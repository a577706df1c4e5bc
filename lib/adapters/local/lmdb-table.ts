/**
 * The table on one machine's disk: LMDB under the table port, with a commit log in front. Groups are judged in the order of the
 * calls and become durable in that order, many of them with one write to the log; whoever is told an outcome is told what is on
 * disk. LMDB's random writes happen later, in the background, once for many groups.
 *
 * This process must be the only one that has the folder open: `lib/local/data-folder.ts` sees to that.
 */
import type { Table, WriteAnswer, WriteGroup } from '../../ports/table.ts';
import { checkIndexQuery, checkKey, checkPartitionQuery } from './check-table-call.ts';
import { applyGroup } from './lmdb/apply-group.ts';
import type { GroupCommit } from './lmdb/group-commit.ts';
import { judgeGroup } from './lmdb/judge-group.ts';
import type { Durability } from './lmdb/lmdb-file.ts';
import { openTable, type TableStats } from './lmdb/open-table.ts';
import { prepareGroup } from './lmdb/prepared-write.ts';
import { purgeExpired, type Purge } from './lmdb/purge-expired.ts';
import { readIndex, readItem, readPartition } from './lmdb/read-page.ts';
import { usualPace, type SettlingPace } from './lmdb/settling.ts';
import type { TableContents } from './lmdb/table-contents.ts';
import { tableError } from './lmdb/table-error.ts';

export interface LmdbTable {
  readonly table: Table;
  /**
   * Removes items whose `expiresAt` lies in an hour that is over, about a thousand per call. Cheap however many others there are.
   */
  purgeExpired(nowMs: number): Promise<Omit<Purge, 'durable'>>;
  stats(): TableStats;
  /** Resolves when everything under way is settled and the file is closed. */
  readonly close: () => Promise<void>;
}

export interface LmdbTableOptions {
  /** For the table's files alone; created when absent. */
  readonly folder: string;
  /**
   * `flushed` (the default): an acknowledged write survives the loss of power. `operating-system`: it survives the death of the
   * process only, and a loss of power may damage the file; for tests and throw-away data.
   */
  readonly durability?: Durability;
  /** When the commit log is moved into the data file. The default suits ordinary disks. */
  readonly pace?: SettlingPace;
}

/**
 * Beyond the port it promises: groups are judged in the order of the calls and become durable in that order, so that a caller may
 * start a second group before the first is acknowledged, and never finds the second on disk without the first.
 *
 * Throws `table.unavailable` when the folder cannot be opened, `table.damaged` when its files do not belong together.
 */
export async function createLmdbTable({
  folder,
  durability = 'flushed',
  pace = usualPace,
}: LmdbTableOptions): Promise<LmdbTable> {
  const open = await openTable({ folder, durability, pace }).catch((error: unknown) => {
    throw tableError('opening', error);
  });

  return {
    table: {
      get: (key) =>
        open.use('get', (contents) => {
          checkKey(key);
          return readItem(contents, key);
        }),
      query: (query) =>
        open.use('query', (contents) => {
          checkPartitionQuery(query);
          return readPartition(contents, query);
        }),
      queryIndex: (query) =>
        open.use('index query', (contents) => {
          checkIndexQuery(query);
          return readIndex(contents, query);
        }),
      write: (group) =>
        open.use(group.name, (contents) => writeGroup(contents, open.commits, group)),
    },

    async purgeExpired(nowMs) {
      const purge = (contents: TableContents): Purge => purgeExpired(contents, open.commits, nowMs);
      const { removed, more, durable } = await open.use('purge', purge);
      return toldWhen(durable, 'purge', { removed, more });
    },

    stats: () => open.stats(),
    close: () => open.close(),
  };
}

/** Judged and applied in one turn: no other group comes between the two. */
function writeGroup(
  contents: TableContents,
  commits: GroupCommit,
  group: WriteGroup,
): WriteAnswer | Promise<WriteAnswer> {
  const writes = prepareGroup(group);
  const { refused, restsOn } = judgeGroup(contents, writes);
  const answer: WriteAnswer = refused.length > 0 ? { done: false, refused } : { done: true };
  if (!answer.done || writes.every(({ write }) => 'check' in write)) {
    return restsOn === 0 ? answer : toldWhen(commits.durable(restsOn), group.name, answer);
  }
  const batch = commits.collecting();
  applyGroup(contents, writes, batch);
  return toldWhen(batch.durable, group.name, answer);
}

/** The answer is told when it is durable; a failure is told in the port's words. */
function toldWhen<T>(durable: Promise<void>, call: string, answer: T): Promise<T> {
  return durable.then(
    () => answer,
    (error: unknown) => {
      throw tableError(call, error);
    },
  );
}
