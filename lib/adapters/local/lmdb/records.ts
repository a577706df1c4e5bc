/**
 * Records: the chunks of the item tree at two moments. Writers judge by the latest state, which holds what is written but not yet
 * durable; readers see what is durable.
 */
import { aboveAll, escapeZeros, partEnd, type ByteString } from '../byte-string.ts';
import { createBoundaries, type Boundaries } from './boundaries.ts';
import type { Chunk } from './chunk.ts';
import { createDirectories } from './directories.ts';
import type { Batch } from './group-commit.ts';
import type { LmdbFile } from './lmdb-file.ts';
import { mergeChanges } from './merge-changes.ts';
import type { Unstored } from './unstored.ts';

/** One chunk, there or not, and what is going to become of it. Changed by `Records` alone. */
export interface ChunkRecord {
  readonly partition: ByteString;
  /** Empty for the first chunk of the partition. */
  readonly boundary: ByteString;
  /** In the item tree: the partition itself for its first chunk, else partition and boundary. */
  readonly key: ByteString;
  /** As the last judged group left it; undefined: there is no such chunk. */
  readonly latest: Chunk | undefined;
  /** As it is durable. */
  readonly durable: Chunk | undefined;
  /** Number of the batch that makes `latest` durable; 0 when it is. */
  readonly batch: number;
}

export interface Records {
  get(partition: ByteString, boundary: ByteString): ChunkRecord;
  /** The highest boundary, at or below the sort key, of a further chunk that is there in the latest state. */
  latestFloor(partition: ByteString, sort: ByteString): ByteString | undefined;
  /** The same, of one that is durable. */
  durableFloor(partition: ByteString, sort: ByteString): ByteString | undefined;
  /** The durable further chunks with boundaries from `from` to `to`, both inclusive. */
  list(
    partition: ByteString,
    range: { readonly from: ByteString; readonly to: ByteString; readonly backward: boolean },
  ): Iterable<Chunk>;
  /** Writes the chunk, or removes it. */
  write(record: ChunkRecord, chunk: Chunk | undefined, batch: Batch): void;
  /** The batch is durable, and will be in the data file after this move. */
  committed(batch: Batch, move: number): void;
  /** The changes of these batches never happened. */
  undo(batches: readonly Batch[]): void;
  /** The data file has what was unstored of these keys. */
  stored(keys: Iterable<ByteString>): void;
  /** Forgets records that can be read again, when there are too many. Not between finding a record and writing it. */
  trim(): void;
}

interface OwnRecord extends ChunkRecord {
  latest: Chunk | undefined;
  durable: Chunk | undefined;
  batch: number;
  /** The move after which the data file has the durable chunk; 0 when it has had it all the time. */
  move: number;
}

/** Records kept in memory beyond those that must be; at some 500 bytes each, a few megabytes. */
const keptMax = 4_096;
/** A chunk this large holds one big item; it is not kept longer than it must be. */
const keptBytesMax = 4_096;

/** A partition as it is in the keys of the item tree. */
export function partitionKey(pk: ByteString): ByteString {
  return escapeZeros(pk);
}

export function createRecords(file: LmdbFile, unstored: Unstored): Records {
  const records = new Map<ByteString, OwnRecord>();
  /** Of further chunks that differ from what the data file has. */
  const changed = createBoundaries();
  let trimAbove = keptMax;
  /** Records too large to be kept, until the next trim. */
  let large: OwnRecord[] = [];
  const directories = createDirectories((partition) => {
    const range = { start: partition + partEnd, end: partition + partEnd + aboveAll };
    const stored = [...file.keys('items', range)].map((key) => boundaryOf(partition, key));
    const all = new Set([...stored, ...changed.of(partition)]);
    return [...all].filter((each) => isThere(partition, each)).sort();
  });

  /** In the latest state. */
  function isThere(partition: ByteString, boundary: ByteString): boolean {
    const record = records.get(recordKey(partition, boundary));
    return record === undefined || record.latest !== undefined;
  }
  /** The first chunk asked for last: writes of one group, and their conditions, meet in one partition. */
  let lastFirst: OwnRecord | undefined;

  function isChanged({ batch, move }: OwnRecord): boolean {
    return batch !== 0 || move > unstored.lastMove();
  }

  function get(partition: ByteString, boundary: ByteString): OwnRecord {
    if (boundary !== '') return find(partition, boundary);
    if (lastFirst?.partition !== partition) lastFirst = find(partition, '');
    return lastFirst;
  }

  function find(partition: ByteString, boundary: ByteString): OwnRecord {
    const key = recordKey(partition, boundary);
    const known = records.get(key);
    if (known !== undefined) return known;
    const chunk = file.read('items', key);
    const record = { partition, boundary, key, latest: chunk, durable: chunk, batch: 0, move: 0 };
    records.set(key, record);
    if ((chunk?.length ?? 0) > keptBytesMax) large.push(record);
    return record;
  }

  /** A record whose content is in the data file need not be known as changed any more. */
  function release(record: OwnRecord): void {
    if (isChanged(record)) return;
    if (record.boundary !== '') changed.remove(record.partition, record.boundary);
    if ((record.latest?.length ?? 0) > keptBytesMax) large.push(record);
  }

  function forgetUnchanged(candidates: Iterable<OwnRecord>, sizeWanted: number): void {
    lastFirst = undefined;
    for (const record of candidates) {
      if (records.size <= sizeWanted) return;
      if (!isChanged(record)) records.delete(record.key);
    }
  }

  return {
    get,
    latestFloor: (partition, sort) => directories.floor(partition, sort),
    ...listing(file, changed, get, (key) => {
      const record = records.get(key);
      return record !== undefined && isChanged(record);
    }),

    write(record, chunk, batch) {
      const own = record as OwnRecord;
      own.latest = chunk;
      own.batch = batch.number;
      batch.changes.items.set(own.key, chunk);
      records.set(own.key, own);
      if (own.boundary === '') return;
      changed.add(own.partition, own.boundary);
      directories.note(own.partition, own.boundary, chunk !== undefined);
    },

    committed(batch, move) {
      for (const [key, chunk] of batch.changes.items) {
        const record = records.get(key) as OwnRecord;
        record.durable = chunk;
        record.move = move;
        if (record.batch === batch.number) record.batch = 0;
      }
    },

    undo(batches) {
      for (const key of batches.flatMap((batch) => [...batch.changes.items.keys()])) {
        const record = records.get(key) as OwnRecord;
        record.latest = record.durable;
        record.batch = 0;
        directories.drop(record.partition);
        release(record);
      }
    },

    stored(keys) {
      for (const key of keys) {
        const record = records.get(key);
        if (record !== undefined) release(record);
      }
    },

    trim() {
      if (large.length > 0) {
        forgetUnchanged(large, 0);
        large = [];
      }
      if (records.size <= trimAbove) return;
      forgetUnchanged(records.values(), keptMax / 2);
      trimAbove = Math.max(keptMax, 2 * records.size);
    },
  };
}

function listing(
  file: LmdbFile,
  changed: Boundaries,
  get: (partition: ByteString, boundary: ByteString) => ChunkRecord,
  isChanged: (key: ByteString) => boolean,
): Pick<Records, 'durableFloor' | 'list'> {
  return {
    durableFloor(partition, sort) {
      let own: ByteString | undefined;
      for (const boundary of changed.of(partition)) {
        const isHigher = boundary <= sort && (own === undefined || boundary > own);
        if (isHigher && get(partition, boundary).durable !== undefined) own = boundary;
      }
      const range = { start: recordKey(partition, sort), end: partition, reverse: true };
      for (const key of file.keys('items', range)) {
        if (isChanged(key)) continue;
        const stored = boundaryOf(partition, key);
        return own === undefined || stored > own ? stored : own;
      }
      return own;
    },

    *list(partition, { from, to, backward }) {
      const [low, high] = [partition + partEnd + from, partition + partEnd + to];
      const stored = backward
        ? file.records('items', { start: high, end: partition, reverse: true })
        : file.records('items', { start: low, end: high + partEnd });
      const own = [...changed.of(partition)].filter((each) => each >= from && each <= to).sort();
      const keys = own.map((boundary) => partition + partEnd + boundary);
      const current = (key: ByteString): { key: ByteString; value: Chunk } | undefined => {
        const value = get(partition, boundaryOf(partition, key)).durable;
        return value === undefined ? undefined : { key, value };
      };
      for (const { key, value } of mergeChanges(
        stored,
        backward ? keys.toReversed() : keys,
        current,
        backward,
      )) {
        if (key < low) return;
        yield value;
      }
    },
  };
}

function boundaryOf(partition: ByteString, key: ByteString): ByteString {
  return key.slice(partition.length + partEnd.length);
}

function recordKey(partition: ByteString, boundary: ByteString): ByteString {
  return boundary === '' ? partition : partition + partEnd + boundary;
}
