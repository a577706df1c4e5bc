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
  type Span,
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
 * A record of more than half a page (4,096 bytes less LMDB's headers), key included, would be put on pages of its own. The first
 * chunk of a partition grows up to that, so that most partitions never have another.
 */
const firstBytesMax = 2_000;
/** Further chunks are rewritten with every entry of a large partition; a quarter of a page fits better, too. */
const furtherBytesMax = 1_000;

export function locateEntry(
  records: Records,
  partition: ByteString,
  sort: ByteString,
): EntryLocation {
  const first = records.get(partition, '');
  const boundary =
    first.latest !== undefined && hasMore(first.latest)
      ? records.latestFloor(partition, sort)
      : undefined;
  const record = boundary === undefined ? first : records.get(partition, boundary);
  const chunk = record.latest ?? emptyChunk;
  return { record, chunk, place: findEntry(chunk, sort) };
}

export function putAt(
  records: Records,
  { record, chunk, place }: EntryLocation,
  sort: ByteString,
  value: Span,
  batch: Batch,
): void {
  const grown = putEntry(chunk, place, sort, value);
  const isFirst = record.boundary === '';
  if (record.key.length + grown.length <= (isFirst ? firstBytesMax : furtherBytesMax)) {
    records.write(record, grown, batch);
    return;
  }
  const [first, ...rest] = splitChunk(grown, place.start, furtherBytesMax - record.key.length);
  for (const part of rest) {
    records.write(records.get(record.partition, part.boundary), part.chunk, batch);
  }
  const kept = first?.chunk ?? grown;
  records.write(record, isFirst && rest.length > 0 ? withMore(kept, true) : kept, batch);
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
  if (records.latestFloor(partition, aboveAll) !== undefined) return;
  const record = records.get(partition, '');
  const first = withMore(record.latest ?? emptyChunk, false);
  records.write(record, isEmpty(first) ? undefined : first, batch);
}
