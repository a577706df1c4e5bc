/**
 * A chunk: a run of entries of one partition in the order of their sort keys, stored as one record. Keeping neighbours together
 * saves repeating the partition key, and one record is read and written where a row each would be many.
 *
 * Layout: one byte of flags, then for each entry: length, sort key, length, value. A chunk is never changed; every function here
 * answers a new one.
 */
import type { ByteString } from '../byte-string.ts';
import { allocateBytes } from './allocate-bytes.ts';
import { lengthSize, readLength, sizeOfLength, writeLength } from './length-prefix.ts';

export type Chunk = Buffer;

/** Where an entry is in its chunk; for a sort key that is not there, the empty place where it belongs (`found` is false). */
export interface EntryPlace {
  readonly found: boolean;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

export interface ChunkPart {
  readonly chunk: Chunk;
  /** At or below the first sort key of this part, above the last of the part before it. */
  readonly boundary: ByteString;
}

const headerBytes = 1;
const moreFlag = 1;

export const emptyChunk: Chunk = Buffer.of(0);

/** Whether chunks with higher sort keys belong to the same partition; kept on the first chunk alone. */
export function hasMore(chunk: Chunk): boolean {
  return ((chunk[0] as number) & moreFlag) !== 0;
}

export function withMore(chunk: Chunk, more: boolean): Chunk {
  if (hasMore(chunk) === more) return chunk;
  const next = allocateBytes(chunk.length);
  chunk.copy(next);
  next[0] = more ? moreFlag : 0;
  return next;
}

export function isEmpty(chunk: Chunk): boolean {
  return chunk.length <= headerBytes;
}

export function findEntry(chunk: Chunk, sort: ByteString): EntryPlace {
  let start = headerBytes;
  while (start < chunk.length) {
    const sortLength = readLength(chunk, start);
    const sortStart = start + lengthSize(chunk, start);
    const order = compare(chunk, sortStart, sortLength, sort);
    const lengthAt = sortStart + sortLength;
    const valueStart = lengthAt + lengthSize(chunk, lengthAt);
    const end = valueStart + readLength(chunk, lengthAt);
    if (order === 0) return { found: true, start, valueStart, end };
    if (order > 0) break;
    start = end;
  }
  return { found: false, start, valueStart: start, end: start };
}

/** Bytes inside a larger run of bytes. */
export interface Span {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export function putEntry(chunk: Chunk, place: EntryPlace, sort: ByteString, value: Span): Chunk {
  const length = value.end - value.start;
  const entryBytes = sizeOfLength(sort.length) + sort.length + sizeOfLength(length) + length;
  const next = allocateBytes(chunk.length - (place.end - place.start) + entryBytes);
  chunk.copy(next, 0, 0, place.start);
  let at = writeLength(next, place.start, sort.length);
  for (let i = 0; i < sort.length; i += 1) next[at + i] = sort.charCodeAt(i);
  at = writeLength(next, at + sort.length, length);
  value.bytes.copy(next, at, value.start, value.end);
  if (place.end < chunk.length) chunk.copy(next, at + length, place.end);
  return next;
}

export function removeEntry(chunk: Chunk, place: EntryPlace): Chunk {
  const next = allocateBytes(chunk.length - (place.end - place.start));
  chunk.copy(next, 0, 0, place.start);
  if (place.end < chunk.length) chunk.copy(next, place.start, place.end);
  return next;
}

export interface ChunkEntry {
  readonly sort: ByteString;
  readonly valueStart: number;
  /** Where the next entry begins. */
  readonly end: number;
}

export function entryAt(chunk: Chunk, start: number): ChunkEntry {
  const end = entryEnd(chunk, start);
  const sort = sortAt(chunk, start);
  const lengthAt = start + lengthSize(chunk, start) + sort.length;
  return { sort, valueStart: lengthAt + lengthSize(chunk, lengthAt), end };
}

/** Every entry, in order. */
export function listEntries(chunk: Chunk): ChunkEntry[] {
  const entries: ChunkEntry[] = [];
  for (let at = headerBytes; at < chunk.length;) {
    const entry = entryAt(chunk, at);
    entries.push(entry);
    at = entry.end;
  }
  return entries;
}

/**
 * Cuts a chunk that has grown over `bytesMax` into parts below it; an entry that is larger by itself gets a part of its own. When
 * the newest entry, at `newestAt`, is the last one, as with keys that grow with time, what stands before it stays together, so that such
 * partitions fill their chunks.
 */
export function splitChunk(chunk: Chunk, newestAt: number, bytesMax: number): ChunkPart[] {
  const starts: number[] = [];
  for (let at = headerBytes; at < chunk.length; at = entryEnd(chunk, at)) starts.push(at);
  const appended = newestAt === starts.at(-1) && newestAt <= bytesMax;
  const cuts = appended && starts.length > 1 ? [newestAt] : halve(starts, chunk.length, bytesMax);
  return [headerBytes, ...cuts].map((from, part) => {
    const to = cuts[part] ?? chunk.length;
    const piece = allocateBytes(headerBytes + to - from);
    piece[0] = part === 0 ? (chunk[0] as number) : 0;
    piece.set(chunk.subarray(from, to), headerBytes);
    return { chunk: piece, boundary: part === 0 ? '' : boundaryAt(chunk, starts, from) };
  });
}

/** Places to cut at, so that the pieces are about equal and none is over the limit that can be helped. */
function halve(starts: readonly number[], end: number, bytesMax: number): number[] {
  const [first] = starts;
  if (first === undefined || starts.length < 2 || end - first + headerBytes <= bytesMax) return [];
  const middle = (first + end) / 2;
  let cut = 1;
  while (cut < starts.length - 1 && (starts[cut] as number) < middle) cut += 1;
  const at = starts[cut] as number;
  return [
    ...halve(starts.slice(0, cut), at, bytesMax),
    at,
    ...halve(starts.slice(cut), end, bytesMax),
  ];
}

/** The shortest string above the entry before `at` and not above the one there: short keys make a small tree. */
function boundaryAt(chunk: Chunk, starts: readonly number[], at: number): ByteString {
  const above = sortAt(chunk, at);
  const below = sortAt(chunk, starts[starts.indexOf(at) - 1] as number);
  let shared = 0;
  while (shared < below.length && below[shared] === above[shared]) shared += 1;
  return above.slice(0, shared + 1);
}

function sortAt(chunk: Chunk, start: number): ByteString {
  const from = start + lengthSize(chunk, start);
  return chunk.toString('latin1', from, from + readLength(chunk, start));
}

function entryEnd(chunk: Chunk, start: number): number {
  const lengthAt = start + lengthSize(chunk, start) + readLength(chunk, start);
  return lengthAt + lengthSize(chunk, lengthAt) + readLength(chunk, lengthAt);
}

/** Like `<=>`: negative when the bytes in the chunk come before the sort key. */
function compare(chunk: Chunk, start: number, length: number, sort: ByteString): number {
  const shared = length < sort.length ? length : sort.length;
  for (let i = 0; i < shared; i += 1) {
    const difference = (chunk[start + i] as number) - sort.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return length - sort.length;
}
