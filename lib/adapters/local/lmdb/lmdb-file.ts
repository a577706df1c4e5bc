/**
 * The data file: opens LMDB, reads records as they are on disk, and makes a set of changes durable in one transaction on a thread
 * of its own. It knows nothing of items.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import type { ByteString } from '../byte-string.ts';

/** The named trees of the file. */
export const stores = ['items', 'index', 'expiry', 'shapes'] as const;
export type Store = (typeof stores)[number];

/** Per tree, what each key becomes; `undefined` removes it. */
export type Changes = Readonly<Record<Store, Map<ByteString, Buffer | undefined>>>;

export interface Range {
  /** Inclusive. */
  readonly start: ByteString;
  /** Exclusive. Below `start` when `reverse`. */
  readonly end: ByteString;
  readonly reverse?: boolean;
}

export interface LmdbFile {
  /** The value on disk. It is overwritten by the next read, so it must be used or copied at once. */
  read(store: Store, key: ByteString): Buffer | undefined;
  keys(store: Store, range: Range): Iterable<ByteString>;
  /** Keys and values of one moment, copied. To be walked through in one turn. */
  records(store: Store, range: Range): Iterable<{ key: ByteString; value: Buffer }>;
  /**
   * Resolves when all changes are on disk (with durability `operating-system`: in the operating system's care); rejects when it
   * is not known that they are. After a rejection the file must be closed and opened again. One call at a time.
   */
  commit(changes: Changes): Promise<void>;
  /** Number of the last transaction; grows with every commit, also from one opening to the next. */
  transaction(): number;
  sizeBytes(): number;
  close(): Promise<void>;
}

export const durabilities = ['flushed', 'operating-system'] as const;
export type Durability = (typeof durabilities)[number];

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
  mkdirSync(folder, { recursive: true });
  const root = openEnvironment(folder, durability);
  const trees = Object.fromEntries(
    stores.map((store) => [store, root.openDB({ name: store, ...encodings })]),
  ) as Readonly<Record<Store, Database<Buffer, ByteString>>>;
  flushFolder(folder);

  return {
    read(store, key) {
      const value = trees[store].getBinaryFast(key);
      return value?.subarray(0, value.length);
    },
    keys: (store, range) => trees[store].getKeys(range),
    records: (store, range) => trees[store].getRange(range),
    async commit(changes) {
      try {
        await root.batch(() => {
          for (const store of stores) writeSorted(trees[store], changes[store]);
        });
      } catch (error) {
        throw await causeOf(error);
      }
    },
    transaction: () => (root.getStats() as { lastTxnId: number }).lastTxnId,
    sizeBytes: () => statSync(join(folder, dataFileName)).size,
    close: () => root.close(),
  };
}

const dataFileName = 'data.mdb';

function openEnvironment(folder: string, durability: Durability): RootDatabase<Buffer, ByteString> {
  return open<Buffer, ByteString>({
    path: folder,
    ...encodings,
    maxDbs: stores.length,
    mapSize: mapBytes,
    pageSize: pageBytes,
    // Classic LMDB commits: the pages are flushed, then the root that makes them visible is written through. What a reader sees
    // is on disk, and a commit is acknowledged by one event only.
    overlappingSync: false,
    noSync: durability === 'operating-system',
    // Several puts become one transaction only through `batch`, never because they happened in the same turn.
    eventTurnBatching: false,
  });
}

/** In key order, neighbours are found on the page at hand, and new keys at the end fill their pages. */
function writeSorted(
  tree: Database<Buffer, ByteString>,
  changes: ReadonlyMap<ByteString, Buffer | undefined>,
): void {
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

/** The names of new files are on disk, too. Windows cannot flush a folder and has no need to. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
