/**
 * The data file: opens LMDB, reads records as they are in its trees, and commits a set of changes in one transaction on a thread of
 * its own. It knows nothing of items.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import type { ByteString } from '../byte-string.ts';
import { allocateBytes } from './allocate-bytes.ts';
import type { Bookend } from './bookends.ts';
import { treeNames, type Changes, type TreeName } from './changes.ts';

interface Range {
  /** Inclusive. */
  readonly start: ByteString;
  /** Exclusive. Below `start` when `reverse`. */
  readonly end: ByteString;
  readonly reverse?: boolean;
}

/** Per tree, where its pages are to break. */
export type Bookends = Readonly<Partial<Record<TreeName, readonly Bookend[]>>>;

export interface LmdbFile {
  /** False after a commit failed, until `reopen`: nothing can be read or committed. */
  isOpen(): boolean;
  /** The value in the file, copied. */
  read(tree: TreeName, key: ByteString): Buffer | undefined;
  keys(tree: TreeName, range: Range): Iterable<ByteString>;
  /** Keys and values of one moment, copied. To be walked through in one turn. */
  records(tree: TreeName, range: Range): Iterable<{ key: ByteString; value: Buffer }>;
  /** Resolves when all changes are in the file, in one transaction; rejects when it is not known that they are. */
  commit(changes: Changes, bookends?: Bookends): Promise<void>;
  /**
   * Opens the file anew, as it really is. LMDB cannot go on after some failures and does not say which. Opened anew, it has also
   * given back the memory that earlier commits made it take.
   */
  reopen(): Promise<void>;
  /** Number of the last transaction; grows with every commit, also from one opening to the next. */
  transaction(): number;
  sizeBytes(): number;
  close(): Promise<void>;
}

export type Durability = 'flushed' | 'operating-system';

/**
 * Address space reserved for the file at the start. It costs nothing until used, and a file that outgrows it is mapped anew, but
 * every new map would be counted in the memory of the process beside the old one.
 */
const mapBytes = 64 * 2 ** 30;
/** The size that disks and LMDB like best; said here so that files are alike on machines with larger memory pages. */
const pageBytes = 4_096;

const keyEncoder = {
  writeKey(key: ByteString, target: Buffer, start: number): number {
    for (let i = 0; i < key.length; i += 1) target[start + i] = key.charCodeAt(i);
    return start + key.length;
  },
  readKey(source: Buffer, start: number, end: number): ByteString {
    return source.toString('latin1', start, end);
  },
};

/** LMDB's types forget that every tree can have a key encoder of its own. */
const encodings = { encoding: 'binary' as const, keyEncoder };

/** Throws the operating system's or LMDB's own error when the folder cannot be used. */
export function openLmdbFile(folder: string, durability: Durability): LmdbFile {
  let environment: Environment | undefined = openEnvironment(folder, durability);
  let abandoned: Environment | undefined;
  let reopening: Promise<void> | undefined;

  function current(): Environment {
    if (environment === undefined) throw new Error('the data file is not open');
    return environment;
  }

  async function openAgain(): Promise<void> {
    try {
      abandoned ??= environment;
      environment = undefined;
      await abandoned?.root.close();
      abandoned = undefined;
      environment = openEnvironment(folder, durability);
    } finally {
      reopening = undefined;
    }
  }

  return {
    isOpen: () => environment !== undefined,
    read(tree, key) {
      // A large buffer that is used again for the next value; its length is that of the value, whatever its memory.
      const value = current().trees[tree].getBinaryFast(key);
      if (value === undefined) return undefined;
      const copy = allocateBytes(value.length);
      copy.set(value.subarray(0, value.length));
      return copy;
    },
    keys: (tree, range) => current().trees[tree].getKeys(range),
    records: (tree, range) => current().trees[tree].getRange(range),
    async commit(changes, bookends = {}) {
      const used = current();
      try {
        await commitTo(used, changes, bookends);
      } catch (error) {
        abandoned = used;
        environment = undefined;
        throw await causeOf(error);
      }
    },
    reopen: () => (reopening ??= openAgain()),
    transaction: () => (current().root.getStats() as { lastTxnId: number }).lastTxnId,
    sizeBytes: () => statSync(join(folder, dataFileName)).size,
    async close() {
      const last = environment ?? abandoned;
      environment = undefined;
      abandoned = undefined;
      await last?.root.close();
    },
  };
}

type Tree = Database<Buffer, ByteString>;

/** LMDB's open file and its trees. */
interface Environment {
  readonly root: RootDatabase<Buffer, ByteString>;
  readonly trees: Readonly<Record<TreeName, Tree>>;
}

const dataFileName = 'data.mdb';

function openEnvironment(folder: string, durability: Durability): Environment {
  mkdirSync(folder, { recursive: true });
  const root = open<Buffer, ByteString>({
    path: folder,
    ...encodings,
    maxDbs: treeNames.length,
    mapSize: mapBytes,
    pageSize: pageBytes,
    // Classic LMDB commits: the pages are flushed, then the root that makes them visible is written through. What a reader sees
    // is on disk, and a commit is acknowledged by one event only.
    overlappingSync: false,
    noSync: durability === 'operating-system',
    // Several puts become one transaction only through `batch`, never because they happened in the same turn.
    eventTurnBatching: false,
  });
  const trees = Object.fromEntries(
    treeNames.map((name) => [name, root.openDB({ name, ...encodings })]),
  ) as Readonly<Record<TreeName, Tree>>;
  return { root, trees };
}

async function commitTo(
  { root, trees }: Environment,
  changes: Changes,
  bookends: Bookends,
): Promise<void> {
  await root.batch(() => {
    for (const name of treeNames) {
      writeBookends(trees[name], bookends[name] ?? []);
      writeSorted(trees[name], changes[name]);
    }
  });
}

function writeBookends(tree: Tree, bookends: readonly Bookend[]): void {
  for (const { key, helper, value } of bookends) {
    void tree.put(helper, value);
    void tree.put(key, value);
    void tree.remove(helper);
  }
}

/** In key order, neighbours are found on the page at hand, and new keys at the end fill their pages. */
function writeSorted(tree: Tree, changes: ReadonlyMap<ByteString, Buffer | undefined>): void {
  for (const key of [...changes.keys()].sort()) {
    const value = changes.get(key);
    // The promise of the batch stands for those of its parts.
    if (value === undefined) void tree.remove(key);
    else void tree.put(key, value);
  }
}

/** LMDB rejects a commit with a general error that carries the promise of the real one. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<unknown> };
  if (commitError === undefined) return error;
  return commitError.then(
    () => error,
    (cause: unknown) => cause,
  );
}
