/**
 * Records: the chunks of the item tree as they are on disk, and over them what has been written but is not on disk yet. Writers
 * judge by the latest state; readers see what is durable.
 *
 * A partition's first chunk has the partition's own key; a further one has `chunkKey(partition, boundary)`.
 */
import { escapeZeros, partEnd, type ByteString } from '../byte-string.ts';
import type { Chunk } from './chunk.ts';
import type { Batch } from './group-commit.ts';
import type { LmdbFile } from './lmdb-file.ts';
import { createRecentChunks } from './recent-chunks.ts';
import { floorOf, insertSorted, removeSorted } from './sorted.ts';

export interface ChunkKey {
  readonly partition: ByteString;
  /** Empty for the first chunk of the partition. */
  readonly boundary: ByteString;
}

export interface Records {
  latest(key: ChunkKey): Chunk | undefined;
  /** The highest boundary at or below the sort key among the further chunks of the partition. */
  latestFloor(partition: ByteString, sort: ByteString): ByteString | undefined;
  /** Writes the chunk, or removes it. */
  set(key: ChunkKey, chunk: Chunk | undefined, batch: Batch): void;
  /** The batch that will make the chunk durable; 0 when it is on disk as it is. */
  batchOf(key: ChunkKey): number;
  /** The first chunk of a partition as it is on disk; to be used at once. */
  durable(partition: ByteString): Chunk | undefined;
  /** The batch is on disk. */
  committed(batch: Batch): void;
}

/** What was written and is not on disk yet; no chunk means that it was removed. */
interface Pending extends ChunkKey {
  readonly chunk: Chunk | undefined;
  readonly batch: number;
}

export function partitionKey(pk: ByteString): ByteString {
  return escapeZeros(pk);
}

export function recordKey({ partition, boundary }: ChunkKey): ByteString {
  return boundary === '' ? partition : partition + partEnd + boundary;
}

export function createRecords(file: LmdbFile): Records {
  const pending = new Map<ByteString, Pending>();
  /** Boundaries of pending further chunks, sorted, by partition. */
  const boundaries = new Map<ByteString, ByteString[]>();
  const recent = createRecentChunks();

  function latest(key: ByteString): Chunk | undefined {
    const written = pending.get(key);
    if (written !== undefined) return written.chunk;
    const known = recent.get(key) ?? copyOf(file.read('items', key));
    if (known !== undefined) recent.keep(key, known);
    return known;
  }

  function settle({ partition, boundary, chunk }: Pending, key: ByteString): void {
    pending.delete(key);
    if (chunk !== undefined) recent.keep(key, chunk);
    if (boundary === '') return;
    const rest = removeSorted(boundaries.get(partition) ?? [], boundary);
    if (rest.length > 0) boundaries.set(partition, rest);
    else boundaries.delete(partition);
  }

  return {
    latest: (key) => latest(recordKey(key)),

    latestFloor(partition, sort) {
      const isThere = (boundary: ByteString): boolean =>
        pending.get(recordKey({ partition, boundary }))?.chunk !== undefined;
      const written = floorOf(boundaries.get(partition) ?? [], sort, isThere);
      const stored = storedFloor(file, partition, sort, (key) => !pending.has(key));
      if (stored === undefined || written === undefined) return stored ?? written;
      return stored > written ? stored : written;
    },

    set(key, chunk, batch) {
      const { partition, boundary } = key;
      const record = recordKey(key);
      if (boundary !== '' && !pending.has(record)) {
        boundaries.set(partition, insertSorted(boundaries.get(partition) ?? [], boundary));
      }
      recent.drop(record);
      pending.set(record, { partition, boundary, chunk, batch: batch.number });
      batch.changes.items.set(record, chunk);
    },

    batchOf: (key) => pending.get(recordKey(key))?.batch ?? 0,

    durable(partition) {
      return recent.get(partition) ?? file.read('items', partition);
    },

    committed(batch) {
      for (const key of batch.changes.items.keys()) {
        const written = pending.get(key);
        if (written?.batch === batch.number) settle(written, key);
      }
    },
  };
}

/** The highest boundary on disk at or below the sort key that `counts` accepts by its record's key. */
export function storedFloor(
  file: LmdbFile,
  partition: ByteString,
  sort: ByteString,
  counts: (key: ByteString) => boolean = () => true,
): ByteString | undefined {
  const start = partition + partEnd + sort;
  for (const key of file.keys('items', { start, end: partition, reverse: true })) {
    if (counts(key)) return key.slice(partition.length + partEnd.length);
  }
  return undefined;
}

/** What is read from the file is overwritten by the next read. */
function copyOf(chunk: Chunk | undefined): Chunk | undefined {
  return chunk === undefined ? undefined : Buffer.from(chunk);
}
