/**
 * The table on one machine's disk: LMDB under the table port. Groups are judged in the order of the calls and become durable in
 * that order, many of them in one transaction; whoever is told an outcome is told what is on disk.
 *
 * This process must be the only one that has the folder open: `lib/local/data-folder.ts` sees to that.
 */
import { isKalciferError, KalciferError } from '../../kalcifer-error.ts';
import type { Table, WriteAnswer, WriteGroup } from '../../ports/table.ts';
import { applyGroup } from './lmdb/apply-group.ts';
import { checkGroup, checkIndexQuery, checkKey, checkPartitionQuery } from './check-table-call.ts';
import { judgeGroup } from './lmdb/judge-group.ts';
import type { Durability } from './lmdb/lmdb-file.ts';
import { purgeExpired, type Purge } from './lmdb/purge-expired.ts';
import { readIndex, readItem, readPartition } from './lmdb/read-page.ts';
import type { TableContents } from './lmdb/table-contents.ts';
import { openTable, type TableLifecycle, type TableStats } from './lmdb/table-lifecycle.ts';

export interface LmdbTable {
  readonly table: Table;
  /**
   * Removes items whose `expiresAt` lies in an hour that is over, about a thousand per call. Cheap however many others there are.
   */
  purgeExpired(nowMs: number): Promise<Omit<Purge, 'durable'>>;
  stats(): TableStats;
  /** Resolves when everything under way is settled and the file is closed. */
  close(): Promise<void>;
}

export interface LmdbTableOptions {
  /** Holds LMDB's own two files; created when absent. */
  readonly folder: string;
  /**
   * `flushed` (the default): an acknowledged write survives the loss of power. `operating-system`: it survives the death of the
   * process only, and a loss of power may damage the file; for tests and throw-away data.
   */
  readonly durability?: Durability;
}

/**
 * Beyond the port it promises: groups are judged in the order of the calls and become durable in that order, so that a caller may
 * start a second group before the first is acknowledged, and never finds the second on disk without the first.
 *
 * Throws `table.unavailable` when the folder cannot be opened.
 */
export function createLmdbTable({ folder, durability = 'flushed' }: LmdbTableOptions): LmdbTable {
  const lifecycle = openLifecycle(folder, durability);

  async function read<T>(call: string, answer: (contents: TableContents) => T): Promise<T> {
    try {
      return answer(lifecycle.contents() ?? (await lifecycle.reopened()));
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
      write: (group) => writeGroup(lifecycle, group),
    },

    purgeExpired: (nowMs) => purge(lifecycle, nowMs),
    stats: () => lifecycle.stats(),
    close: () => lifecycle.close(),
  };
}

async function writeGroup(lifecycle: TableLifecycle, group: WriteGroup): Promise<WriteAnswer> {
  const { commits } = lifecycle;
  try {
    checkGroup(group);
    const contents = lifecycle.contents() ?? (await lifecycle.reopened());
    const { refused, restsOn } = judgeGroup(contents, group.writes);
    if (refused.length === 0 && !group.writes.every((write) => 'check' in write)) {
      const batch = commits.collecting();
      applyGroup(contents, group.writes, batch);
      await batch.durable;
    } else if (restsOn > 0) await commits.durable(restsOn);
    return refused.length > 0 ? { done: false, refused } : { done: true };
  } catch (error) {
    throw inPortsWords(`group ${group.name}`, error);
  }
}

async function purge(lifecycle: TableLifecycle, nowMs: number): Promise<Omit<Purge, 'durable'>> {
  try {
    const contents = lifecycle.contents() ?? (await lifecycle.reopened());
    const { removed, more, durable } = purgeExpired(contents, lifecycle.commits, nowMs);
    await durable;
    return { removed, more };
  } catch (error) {
    throw inPortsWords('purge', error);
  }
}

function openLifecycle(folder: string, durability: Durability): TableLifecycle {
  try {
    return openTable(folder, durability);
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
