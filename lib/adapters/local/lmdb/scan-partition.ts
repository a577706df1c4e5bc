/** Reads a stretch of one partition as it is durable, in either direction. */
import type { ByteString } from '../byte-string.ts';
import { entryAt, findEntry, hasMore, listEntries, type Chunk } from './chunk.ts';
import type { Records } from './records.ts';

export interface Stretch {
  readonly partition: ByteString;
  /** Lowest sort key, inclusive. */
  readonly from: ByteString;
  /** Highest sort key, exclusive. */
  readonly below: ByteString;
  readonly backward: boolean;
}

/** Told every entry in order, until it answers false. */
export type Visit = (sort: ByteString, chunk: Chunk, valueStart: number) => boolean;

export function scanPartition(records: Records, stretch: Stretch, visit: Visit): void {
  if (stretch.from >= stretch.below) return;
  for (const chunk of chunksOf(records, stretch)) {
    if (!visitChunk(chunk, stretch, visit)) return;
  }
}

/** The chunks that may hold entries of the stretch, in the order of reading. */
function* chunksOf(records: Records, stretch: Stretch): Iterable<Chunk> {
  const { partition, from, below, backward } = stretch;
  const first = records.get(partition, '').durable;
  if (first === undefined) return;
  if (!hasMore(first)) {
    yield first;
    return;
  }
  const lowest = records.durableFloor(partition, from);
  if (lowest === undefined && !backward) yield first;
  yield* records.list(partition, { from: lowest ?? '', to: below, backward });
  if (lowest === undefined && backward) yield first;
}

/** False when the visitor has seen enough, or the stretch ends in this chunk. */
function visitChunk(chunk: Chunk, { from, below, backward }: Stretch, visit: Visit): boolean {
  if (backward) {
    const inside = listEntries(chunk).filter(({ sort }) => sort >= from && sort < below);
    return inside.reverse().every(({ sort, valueStart }) => visit(sort, chunk, valueStart));
  }
  for (let at = findEntry(chunk, from).start; at < chunk.length;) {
    const { sort, valueStart, end } = entryAt(chunk, at);
    if (sort >= below || !visit(sort, chunk, valueStart)) return false;
    at = end;
  }
  return true;
}
