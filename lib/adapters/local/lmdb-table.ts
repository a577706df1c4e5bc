/**
 * The table on one machine's disk: LMDB under the table port, with a commit log in front. Groups are judged in the order of the
 * calls and become durable in that order, many of them with one write to the log; whoever is told an outcome is told what is on
 * disk. LMDB's random writes happen later, in the background, once for many groups.
 *
 * This process must be the only one that has the folder open: `lib/local/data-folder.ts` sees to that.
 */
import { isKalciferError, KalciferError } from '../../kalcifer-error.ts';
import type { Table, WriteAnswer, WriteGroup } from '../../ports/table.ts';
import { applyGroup } from './lmdb/apply-group.ts';
import { checkIndexQuery, checkKey, checkPartitionQuery } from './check-table-call.ts';
import { judgeGroup } from './lmdb/judge-group.ts';
import type { Durability } from './lmdb/lmdb-file.ts';
import { usualPace, type SettlingPace } from './lmdb/settling.ts';
import { prepareGroup } from './lmdb/prepared-write.ts';
import { purgeExpired, type Purge } from './lmdb/purge-expired.ts';
import { readIndex, readItem, readPartition } from './lmdb/read-page.ts';
import type { TableContents } from './lmdb/table-contents.ts';
import {
  openTable,
  type OpenTable,
  type OpenTableOptions,
  type TableStats,
} from './lmdb/open-table.ts';

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
  const open = await openOrExplain({ folder, durability, pace });

  async function read<T>(call: string, answer: (contents: TableContents) => T): Promise<T> {
    try {
      const contents = open.contents() ?? (await open.reopened());
      contents.records.trim();
      return answer(contents);
    } catch (error) {
      throw inPortsWords(call, error);
    }
  }

  return {
    table: {
      get: (key) =>
        read('get', (contents) => {
          checkKey(key);
          return readItem(contents, key);
        }),
      query: (query) =>
        read('query', (contents) => {
          checkPartitionQuery(query);
          return readPartition(contents, query);
        }),
      queryIndex: (query) =>
        read('index query', (contents) => {
          checkIndexQuery(query);
          return readIndex(contents, query);
        }),
      write: (group) => writeGroup(open, group),
    },

    purgeExpired: (nowMs) => purge(open, nowMs),
    stats: () => open.stats(),
    close: () => open.close(),
  };
}

async function writeGroup(open: OpenTable, group: WriteGroup): Promise<WriteAnswer> {
  const { commits } = open;
  try {
    const writes = prepareGroup(group);
    const contents = open.contents() ?? (await open.reopened());
    contents.records.trim();
    const { refused, restsOn } = judgeGroup(contents, writes);
    if (refused.length === 0 && !writes.every(({ write }) => 'check' in write)) {
      const batch = commits.collecting();
      applyGroup(contents, writes, batch);
      await batch.durable;
    } else if (restsOn > 0) await commits.durable(restsOn);
    return refused.length > 0 ? { done: false, refused } : { done: true };
  } catch (error) {
    throw inPortsWords(`group ${group.name}`, error);
  }
}

async function purge(open: OpenTable, nowMs: number): Promise<Omit<Purge, 'durable'>> {
  try {
    const contents = open.contents() ?? (await open.reopened());
    const { removed, more, durable } = purgeExpired(contents, open.commits, nowMs);
    await durable;
    return { removed, more };
  } catch (error) {
    throw inPortsWords('purge', error);
  }
}

async function openOrExplain(options: OpenTableOptions): Promise<OpenTable> {
  try {
    return await openTable(options);
  } catch (error) {
    throw inPortsWords('opening', error);
  }
}

/** Misuse stays misuse; whatever else went wrong, nothing is known to be written, and trying again is right. */
function inPortsWords(call: string, error: unknown): KalciferError {
  if (isKalciferError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new KalciferError('table.unavailable', `The table failed at the ${call}: ${reason}.`, {
    cause: error,
  });
}
