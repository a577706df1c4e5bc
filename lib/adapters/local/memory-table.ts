/**
 * The table in memory: the readable reference of the port. It forgets everything with the process, so of the guarantees it keeps
 * all but survival; a write is judged and done in one turn, which makes every group atomic.
 */
import type {
  Item,
  Key,
  Page,
  PartitionQuery,
  IndexQuery,
  Refusal,
  Table,
  Write,
  WriteAnswer,
} from '../../ports/table.ts';
import { toByteString } from './byte-string.ts';
import {
  checkGroup,
  checkIndexQuery,
  checkKey,
  checkPartitionQuery,
  keyOf,
} from '../table/check-table-call.ts';
import { holds } from '../table/condition.ts';
import { copyItem } from '../table/copy-item.ts';

type Partitions = Map<string, Map<string, Item>>;

export function createMemoryTable(): Table {
  const partitions: Partitions = new Map();

  return {
    get: (key) =>
      answer(() => {
        checkKey(key);
        const item = find(partitions, key);
        return item === undefined ? undefined : copyItem(item);
      }),

    query: (query) =>
      answer(() => {
        checkPartitionQuery(query);
        const items = [...(partitions.get(query.pk)?.values() ?? [])]
          .filter((item) => isAsked(item, query))
          .sort((a, b) => compareText(a.sk, b.sk));
        return pageOf(items, query);
      }),

    queryIndex: (query) =>
      answer(() => {
        checkIndexQuery(query);
        const items = [...partitions.values()]
          .flatMap((partition) => [...partition.values()])
          .filter((item) => item.index === query.index && isAfter(item, query))
          .sort(compareKeys);
        return pageOf(items, query);
      }),

    write: (group) =>
      answer<WriteAnswer>(() => {
        checkGroup(group);
        const writes = group.writes.map(detach);
        const refused = judge(partitions, writes);
        if (refused.length > 0) return { done: false, refused };
        for (const write of writes) apply(partitions, write);
        return { done: true };
      }),
  };
}

/** Works at once and answers later: a refused call rejects, it never throws. */
function answer<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

/** From here on the caller can no longer change what is written. */
function detach(write: Write): Write {
  return 'put' in write ? { ...write, put: copyItem(write.put) } : write;
}

function judge(partitions: Partitions, writes: readonly Write[]): Refusal[] {
  const refused: Refusal[] = [];
  for (const [at, write] of writes.entries()) {
    if (write.if === undefined) continue;
    const current = find(partitions, keyOf(write));
    const stored = current === undefined ? undefined : (field: string) => current[field];
    if (holds(write.if, stored)) continue;
    refused.push(current === undefined ? { at } : { at, current: copyItem(current) });
  }
  return refused;
}

function apply(partitions: Partitions, write: Write): void {
  if ('check' in write) return;
  const { pk, sk } = keyOf(write);
  const partition = partitions.get(pk) ?? new Map<string, Item>();
  if ('put' in write) partition.set(sk, write.put);
  else partition.delete(sk);
  if (partition.size > 0) partitions.set(pk, partition);
  else partitions.delete(pk);
}

function find(partitions: Partitions, key: Key): Item | undefined {
  return partitions.get(key.pk)?.get(key.sk);
}

function isAsked(item: Item, { prefix, after, below, backward }: PartitionQuery): boolean {
  if (prefix !== undefined && !item.sk.startsWith(prefix)) return false;
  if (below !== undefined && compareText(item.sk, below) >= 0) return false;
  return after === undefined || isBeyond(compareText(item.sk, after), backward);
}

function isAfter(item: Item, { after, backward }: IndexQuery): boolean {
  return after === undefined || isBeyond(compareKeys(item, after), backward);
}

function isBeyond(order: number, backward = false): boolean {
  return backward ? order < 0 : order > 0;
}

function pageOf(
  ordered: readonly Item[],
  { limit, backward = false }: { limit: number; backward?: boolean },
): Page {
  const directed = backward ? ordered.toReversed() : ordered;
  return { items: directed.slice(0, limit).map(copyItem), more: directed.length > limit };
}

function compareKeys(a: Key, b: Key): number {
  return compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

/** By the bytes of UTF-8: comparing the texts themselves would put emoji before some letters. */
function compareText(a: string, b: string): number {
  const [first, second] = [toByteString(a), toByteString(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}
