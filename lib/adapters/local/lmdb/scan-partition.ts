/** Reads a stretch of one partition as it is on disk, in either direction. */
import { partEnd, type ByteString } from '../byte-string.ts';
import { hasMore, listEntries, type Chunk } from './chunk.ts';
import type { LmdbFile } from './lmdb-file.ts';
import { storedFloor } from './records.ts';

export interface Stretch {
  readonly partition: ByteString;
  /** Lowest sort key, inclusive. */
  readonly from: ByteString;
  /** Highest sort key, exclusive. */
  readonly below: ByteString;
  readonly backward: boolean;
}

/** Told every entry in order, until it answers false. The value must be used at once. */
export type Visit = (sort: ByteString, value: Buffer) => boolean;

export function scanPartition(file: LmdbFile, stretch: Stretch, visit: Visit): void {
  if (stretch.from >= stretch.below) return;
  const first = file.read('items', stretch.partition);
  if (first === undefined) return;
  if (!hasMore(first)) visitChunk(first, stretch, visit);
  else if (stretch.backward) scanBackward(file, stretch, visit);
  else scanForward(file, stretch, visit);
}

function scanForward(file: LmdbFile, stretch: Stretch, visit: Visit): void {
  const { partition, from, below } = stretch;
  const boundary = storedFloor(file, partition, from);
  const start = boundary === undefined ? partition : partition + partEnd + boundary;
  // Between the first chunk and the next there may be none of another partition: those have 0xFF after the zero byte.
  const range = { start, end: partition + partEnd + below };
  for (const { value } of file.records('items', range)) {
    if (!visitChunk(value, stretch, visit)) return;
  }
}

function scanBackward(file: LmdbFile, stretch: Stretch, visit: Visit): void {
  const { partition, from, below } = stretch;
  const lowest = storedFloor(file, partition, from);
  const range = { start: partition + partEnd + below, end: partition, reverse: true };
  for (const { key, value } of file.records('items', range)) {
    if (!visitChunk(value, stretch, visit)) return;
    if (lowest !== undefined && key === partition + partEnd + lowest) return;
  }
  const first = file.read('items', partition);
  if (first !== undefined) visitChunk(first, stretch, visit);
}

/** False when the visitor has seen enough. */
function visitChunk(chunk: Chunk, { from, below, backward }: Stretch, visit: Visit): boolean {
  const entries = listEntries(chunk);
  if (backward) entries.reverse();
  for (const { sort, value } of entries) {
    if (sort < from || sort >= below) continue;
    if (!visit(sort, value)) return false;
  }
  return true;
}
