/** The table port over a running table: checks the calls, judges the groups, and tells nothing that is not on disk. */
import type { Table, WriteAnswer, WriteGroup } from '../../../ports/table.ts';
import { checkIndexQuery, checkKey, checkPartitionQuery } from '../../table/check-table-call.ts';
import { applyGroup } from './apply-group.ts';
import type { GroupCommit } from './group-commit.ts';
import { judgeGroup } from './judge-group.ts';
import { prepareGroup } from './prepared-write.ts';
import { purgeExpired, type Purge } from './purge-expired.ts';
import { readIndex, readItem, readPartition } from './read-page.ts';
import type { OpenTable, TableStats } from './run-table.ts';
import type { TableContents } from './table-contents.ts';
import { tableError } from './table-error.ts';

export interface LmdbTable {
  readonly table: Table;
  /**
   * Removes items whose `expiresAt` lies in an hour that is over, about a thousand per call. Cheap however many others there are.
   */
  readonly purgeExpired: (nowMs: number) => Promise<Omit<Purge, 'durable'>>;
  readonly stats: () => TableStats;
  /** Resolves when everything under way is settled and the file is closed. */
  readonly close: () => Promise<void>;
}

export function createPortTable(open: OpenTable): LmdbTable {
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
