/** Answers reads from what is on disk: single items, pages of a partition, pages of the index. */
import type { IndexQuery, Item, Key, Page, PartitionQuery } from '../../../ports/table.ts';
import { indexKey } from './apply-group.ts';
import {
  aboveAll,
  escapeZeros,
  fromByteString,
  partEnd,
  splitParts,
  toByteString,
  type ByteString,
} from '../byte-string.ts';
import { findEntry, hasMore } from './chunk.ts';
import { mergeChanges } from './merge-changes.ts';
import { partitionKey } from './records.ts';
import { scanPartition, type Stretch } from './scan-partition.ts';
import type { TableContents } from './table-contents.ts';

export function readItem(contents: TableContents, key: Key): Item | undefined {
  const { decoder, records } = contents;
  const partition = partitionKey(toByteString(key.pk));
  const sort = toByteString(key.sk);
  const first = records.get(partition, '').durable;
  if (first === undefined) return undefined;
  const place = findEntry(first, sort);
  if (place.found) return decoder.decode(first, place.valueStart, key);
  if (!hasMore(first)) return undefined;
  let item: Item | undefined;
  const stretch = { partition, from: sort, below: justAbove(sort), backward: false };
  scanPartition(records, stretch, (_, chunk, valueStart) => {
    item = decoder.decode(chunk, valueStart, key);
    return false;
  });
  return item;
}

export function readPartition({ decoder, records }: TableContents, query: PartitionQuery): Page {
  const items: Item[] = [];
  let more = false;
  scanPartition(records, stretchOf(query), (sort, chunk, valueStart) => {
    more = items.length === query.limit;
    const key = { pk: query.pk, sk: fromByteString(sort) };
    if (!more) items.push(decoder.decode(chunk, valueStart, key));
    return !more;
  });
  return { items, more };
}

export function readIndex(contents: TableContents, query: IndexQuery): Page {
  const items: Item[] = [];
  const after = query.after === undefined ? undefined : indexKey(query.index, query.after);
  for (const entry of indexEntries(contents, query, after)) {
    if (entry === after) continue;
    if (items.length === query.limit) return { items, more: true };
    const [, pk, sk] = splitParts(entry).map(fromByteString);
    const item = readItem(contents, { pk, sk } as Key);
    if (item !== undefined) items.push(item);
  }
  return { items, more: false };
}

/** Index entries in the direction of reading, beginning at `after`. */
function* indexEntries(
  { file, unstored }: TableContents,
  { index, backward = false }: IndexQuery,
  after: ByteString | undefined,
): Iterable<ByteString> {
  const prefix = escapeZeros(toByteString(index)) + partEnd;
  const low = backward ? prefix : (after ?? prefix);
  const high = backward ? (after ?? prefix + aboveAll) : prefix + aboveAll;
  const range = backward ? { start: high, end: low, reverse: true } : { start: low, end: high };
  const changed = unstored.keys('index', low, justAbove(high));
  const current = (key: ByteString): { key: ByteString } | undefined =>
    unstored.value('index', key) === undefined ? undefined : { key };
  const stored = file.keys('index', range);
  const entries = mergeChanges(
    keyed(stored),
    backward ? changed.reverse() : changed,
    current,
    backward,
  );
  for (const { key } of entries) yield key;
}

function* keyed(keys: Iterable<ByteString>): Iterable<{ key: ByteString }> {
  for (const key of keys) yield { key };
}

function stretchOf({ pk, prefix = '', after, below, backward = false }: PartitionQuery): Stretch {
  const start = toByteString(prefix);
  const last = after === undefined ? undefined : toByteString(after);
  let from = start;
  let end = start + aboveAll;
  if (last !== undefined && !backward && last >= from) from = justAbove(last);
  if (last !== undefined && backward && last < end) end = last;
  if (below !== undefined) {
    const limit = toByteString(below);
    if (limit < end) end = limit;
  }
  return { partition: partitionKey(toByteString(pk)), from, below: end, backward };
}

/** The lowest byte string above this one. */
function justAbove(bytes: ByteString): ByteString {
  return bytes + '\0';
}
