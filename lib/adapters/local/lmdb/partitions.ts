/**
 * Partitions: ordered entries (sort key and value), kept in chunks of bounded size. The first chunk always exists when the
 * partition is not empty, so a small partition, as almost all are, is one record found by its key alone.
 */
import { aboveAll, type ByteString } from '../byte-string.ts';
import {
  emptyChunk,
  findEntry,
  hasMore,
  isEmpty,
  putEntry,
  removeEntry,
  splitChunk,
  withMore,
  type Chunk,
  type EntryPlace,
} from './chunk.ts';
import type { Batch } from './group-commit.ts';
import type { ChunkKey, Records } from './records.ts';

/** Where an entry is, or would be: it stays valid until the next write to the partition. */
export interface EntryLocation {
  readonly key: ChunkKey;
  readonly chunk: Chunk;
  readonly place: EntryPlace;
}

/**
 * A record is at most half a page (4,096 bytes less LMDB's headers), key included: a larger one would be put on pages of its own.
 * A chunk grows up to this size before it is split.
 */
const recordBytesMax = 2_000;

/** Finds the place of an entry as the last write left it. */
export function locateEntry(
  records: Records,
  partition: ByteString,
  sort: ByteString,
): EntryLocation {
  const first = { partition, boundary: '' };
  const firstChunk = records.latest(first) ?? emptyChunk;
  const boundary = hasMore(firstChunk) ? records.latestFloor(partition, sort) : undefined;
  const key = boundary === undefined ? first : { partition, boundary };
  const chunk = boundary === undefined ? firstChunk : (records.latest(key) ?? emptyChunk);
  return { key, chunk, place: findEntry(chunk, sort) };
}

export function valueAt({ chunk, place }: EntryLocation): Buffer | undefined {
  return place.found ? chunk.subarray(place.valueStart, place.end) : undefined;
}

export function putAt(
  records: Records,
  { key, chunk, place }: EntryLocation,
  sort: ByteString,
  value: Buffer,
  batch: Batch,
): void {
  const grown = putEntry(chunk, place, sort, value);
  const bytesMax = recordBytesMax - key.partition.length - key.boundary.length;
  if (grown.length <= bytesMax) {
    records.set(key, grown, batch);
    return;
  }
  const [first, ...rest] = splitChunk(grown, place.start, bytesMax);
  for (const part of rest) {
    records.set({ partition: key.partition, boundary: part.boundary }, part.chunk, batch);
  }
  const kept = first?.chunk ?? grown;
  const isFirst = key.boundary === '';
  records.set(key, isFirst && rest.length > 0 ? withMore(kept, true) : kept, batch);
}

/** Removes an entry that was found. */
export function removeAt(
  records: Records,
  { key, chunk, place }: EntryLocation,
  batch: Batch,
): void {
  const left = removeEntry(chunk, place);
  const isFirst = key.boundary === '';
  if (!isEmpty(left) || (isFirst && hasMore(left))) {
    records.set(key, left, batch);
    return;
  }
  records.set(key, undefined, batch);
  if (!isFirst) mendFirst(records, key.partition, batch);
}

/** A further chunk is gone: when it was the last one, the first chunk no longer speaks of more. */
function mendFirst(records: Records, partition: ByteString, batch: Batch): void {
  if (records.latestFloor(partition, aboveAll) !== undefined) return;
  const key = { partition, boundary: '' };
  const first = withMore(records.latest(key) ?? emptyChunk, false);
  records.set(key, isEmpty(first) ? undefined : first, batch);
}
