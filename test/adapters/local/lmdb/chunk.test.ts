import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyChunk,
  findEntry,
  hasMore,
  isEmpty,
  listEntries,
  putEntry,
  removeEntry,
  splitChunk,
  withMore,
  type Chunk,
} from '../../../../lib/adapters/local/lmdb/chunk.ts';

function put(chunk: Chunk, sort: string, value: string): Chunk {
  const bytes = Buffer.from(value);
  return putEntry(chunk, findEntry(chunk, sort), sort, { bytes, start: 0, end: bytes.length });
}

function chunkOf(entries: Record<string, string>): Chunk {
  return Object.entries(entries).reduce(
    (chunk, [sort, value]) => put(chunk, sort, value),
    emptyChunk,
  );
}

function read(chunk: Chunk): Record<string, string> {
  const entries = listEntries(chunk).map(({ sort, valueStart, end }) => [
    sort,
    chunk.toString('utf8', valueStart, end),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

describe('a chunk', () => {
  test('keeps its entries in the order of their sort keys', () => {
    const chunk = chunkOf({ b: '2', a: '1', c: '', ab: '3' });
    expect(Object.entries(read(chunk))).toEqual([
      ['a', '1'],
      ['ab', '3'],
      ['b', '2'],
      ['c', ''],
    ]);
  });

  test('takes two lengths, a key and a value for each entry, and one byte for itself', () => {
    expect([...chunkOf({ s: 'xyz' })]).toEqual([0, 1, 0x73, 3, 0x78, 0x79, 0x7a]);
    expect(chunkOf({ s: 'x'.repeat(200) })).toHaveLength(1 + 1 + 1 + 2 + 200);
  });

  test('replaces the value of a sort key, and removes entries', () => {
    const chunk = chunkOf({ a: '1', b: '2', c: '3' });
    expect(read(put(chunk, 'b', 'two'))).toEqual({ a: '1', b: 'two', c: '3' });
    expect(read(removeEntry(chunk, findEntry(chunk, 'b')))).toEqual({ a: '1', c: '3' });
    expect(read(removeEntry(chunk, findEntry(chunk, 'c')))).toEqual({ a: '1', b: '2' });
    expect(read(chunk)).toEqual({ a: '1', b: '2', c: '3' });
  });

  test('is empty when its last entry is gone', () => {
    const chunk = chunkOf({ a: '1' });
    expect(isEmpty(chunk)).toBe(false);
    expect(isEmpty(removeEntry(chunk, findEntry(chunk, 'a')))).toBe(true);
    expect(isEmpty(emptyChunk)).toBe(true);
  });

  test('knows whether more follow, without forgetting its entries', () => {
    const chunk = chunkOf({ a: '1' });
    expect(hasMore(chunk)).toBe(false);
    expect(hasMore(withMore(chunk, true))).toBe(true);
    expect(read(withMore(chunk, true))).toEqual({ a: '1' });
    expect(withMore(chunk, false)).toBe(chunk);
  });
});

describe('splitting', () => {
  const text = 'x'.repeat(90);

  /** Splits after `newest` was put. */
  function split(chunk: Chunk, newest: string, bytesMax: number): [string, string[]][] {
    const place = findEntry(chunk, newest);
    return splitChunk(chunk, place.start, bytesMax).map(({ boundary, chunk: part }) => [
      boundary,
      Object.keys(read(part)),
    ]);
  }

  test('cuts about in the middle', () => {
    const chunk = chunkOf({ s1: text, s2: text, s3: text, s4: text });
    expect(split(chunk, 's2', 200)).toEqual([
      ['', ['s1', 's2']],
      ['s3', ['s3', 's4']],
    ]);
  });

  test('leaves together what stood before a newest entry at the end', () => {
    const chunk = chunkOf({ s1: text, s2: text, s3: text, s4: text });
    expect(split(chunk, 's4', 300)).toEqual([
      ['', ['s1', 's2', 's3']],
      ['s4', ['s4']],
    ]);
  });

  test('begins the next part as briefly as possible', () => {
    const chunk = chunkOf({ 'w#opened#0Abc': text, 'w#opened#0Xyz': text });
    expect(split(chunk, 'w#opened#0Abc', 100)).toEqual([
      ['', ['w#opened#0Abc']],
      ['w#opened#0X', ['w#opened#0Xyz']],
    ]);
    const nested = chunkOf({ a: text, ab: text });
    expect(split(nested, 'a', 100)).toEqual([
      ['', ['a']],
      ['ab', ['ab']],
    ]);
  });

  test('gives a large entry a part of its own', () => {
    const chunk = chunkOf({ a: text, b: 'x'.repeat(5_000), c: text });
    expect(split(chunk, 'b', 1_000)).toEqual([
      ['', ['a']],
      ['b', ['b']],
      ['c', ['c']],
    ]);
  });

  test('does not cut a single entry', () => {
    expect(split(chunkOf({ a: 'x'.repeat(5_000) }), 'a', 1_000)).toEqual([['', ['a']]]);
  });

  test('for every chunk: the parts hold all entries in order, between their boundaries, within the limit', () => {
    const names = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1 }),
      {
        minLength: 2,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(names, fc.nat(300), fc.nat(), (sorts, size, pick) => {
        const chunk = chunkOf(Object.fromEntries(sorts.map((sort) => [sort, 'x'.repeat(size)])));
        const newest = sorts[pick % sorts.length] as string;
        const parts = splitChunk(chunk, findEntry(chunk, newest).start, 400);
        const inside = parts.map((part) => Object.keys(read(part.chunk)));
        expect(inside.flat()).toEqual([...sorts].sort());
        for (const [n, { boundary, chunk: part }] of parts.entries()) {
          const [lowest = ''] = inside[n] ?? [];
          expect(boundary <= lowest).toBe(true);
          expect(n === 0 || boundary > (inside[n - 1]?.at(-1) ?? '')).toBe(true);
          expect(part.length <= 400 || inside[n]?.length === 1).toBe(true);
        }
      }),
    );
  });
});
