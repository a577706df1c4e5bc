/** Reads a stretch of one partition as it is durable, in either direction. */
import type { ByteString } from '../byte-string.ts';
import { hasMore, listEntries, type Chunk } from './chunk.ts';
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
export type Visit = (sort: ByteString, value: Buffer) => boolean;

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
  const lowest = records.floor(partition, from, 'durable');
  if (lowest === undefined && !backward) yield first;
  yield* records.list(partition, { from: lowest ?? '', to: below, backward });
  if (lowest === undefined && backward) yield first;
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
