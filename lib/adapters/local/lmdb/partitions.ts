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
import type { ChunkRecord, Records } from './records.ts';

/** Where an entry is, or would be, in the latest state. */
export interface EntryLocation {
  readonly record: ChunkRecord;
  /** The chunk that the record had. */
  readonly chunk: Chunk;
  readonly place: EntryPlace;
}

/** False when the entry may be elsewhere by now. */
export function isStillThere({ record, chunk }: EntryLocation): boolean {
  return (record.latest ?? emptyChunk) === chunk;
}

/**
 * A record is at most half a page (4,096 bytes less LMDB's headers), key included: a larger one would be put on pages of its own.
 * A chunk grows up to this size before it is split.
 */
const recordBytesMax = 2_000;

export function locateEntry(
  records: Records,
  partition: ByteString,
  sort: ByteString,
): EntryLocation {
  const first = records.get(partition, '');
  const boundary =
    first.latest !== undefined && hasMore(first.latest)
      ? records.floor(partition, sort, 'latest')
      : undefined;
  const record = boundary === undefined ? first : records.get(partition, boundary);
  const chunk = record.latest ?? emptyChunk;
  return { record, chunk, place: findEntry(chunk, sort) };
}

/** The value there; undefined when there is no such entry. */
export function valueAt({ chunk, place }: EntryLocation): Buffer | undefined {
  return place.found ? chunk.subarray(place.valueStart, place.end) : undefined;
}

export function putAt(
  records: Records,
  { record, chunk, place }: EntryLocation,
  sort: ByteString,
  value: Buffer,
  batch: Batch,
): void {
  const grown = putEntry(chunk, place, sort, value);
  const bytesMax = recordBytesMax - record.key.length;
  if (grown.length <= bytesMax) {
    records.write(record, grown, batch);
    return;
  }
  const [first, ...rest] = splitChunk(grown, place.start, bytesMax);
  for (const part of rest) {
    records.write(records.get(record.partition, part.boundary), part.chunk, batch);
  }
  const kept = first?.chunk ?? grown;
  const speaksOfMore = record.boundary === '' && rest.length > 0;
  records.write(record, speaksOfMore ? withMore(kept, true) : kept, batch);
}

/** Removes an entry that was found. */
export function removeAt(
  records: Records,
  { record, chunk, place }: EntryLocation,
  batch: Batch,
): void {
  const left = removeEntry(chunk, place);
  const isFirst = record.boundary === '';
  if (!isEmpty(left) || (isFirst && hasMore(left))) {
    records.write(record, left, batch);
    return;
  }
  records.write(record, undefined, batch);
  if (!isFirst) mendFirst(records, record.partition, batch);
}

/** A further chunk is gone: when it was the last one, the first chunk no longer speaks of more. */
function mendFirst(records: Records, partition: ByteString, batch: Batch): void {
  if (records.floor(partition, aboveAll, 'latest') !== undefined) return;
  const record = records.get(partition, '');
  const first = withMore(record.latest ?? emptyChunk, false);
  records.write(record, isEmpty(first) ? undefined : first, batch);
}
