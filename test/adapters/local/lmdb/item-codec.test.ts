/** The encoder and the decoder, which share nothing but their page of tags. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createByteSink } from '../../../../lib/adapters/local/lmdb/byte-sink.ts';
import { createItemDecoder } from '../../../../lib/adapters/local/lmdb/item-decoder.ts';
import { encodeItem } from '../../../../lib/adapters/local/lmdb/item-encoder.ts';
import { createShapes, type Shape } from '../../../../lib/adapters/local/lmdb/shapes.ts';
import { createTexts, type KnownText } from '../../../../lib/adapters/local/lmdb/texts.ts';
import type { Json } from '../../../../lib/json.ts';

const key = { pk: 'T#i#1', sk: 'i' };

/** One table's worth of encoding: what it learns from earlier items, it uses for later ones. */
function createCodec(knownShapes: Shape[] = [], knownTexts: KnownText[] = []) {
  const saved = { shapes: [...knownShapes], texts: [...knownTexts] };
  const shapes = createShapes(knownShapes, (shape) => saved.shapes.push(shape));
  const texts = createTexts(knownTexts, (text) => saved.texts.push(text));
  const decoder = createItemDecoder(shapes, texts);
  return {
    saved,
    encode: (fields: Record<string, Json | undefined>): Buffer => {
      const sink = createByteSink();
      encodeItem({ ...key, ...fields }, { shapes, texts, sink });
      return Buffer.from(sink.bytes.subarray(0, sink.length));
    },
    decode: (bytes: Buffer, start = 0) => decoder.decode(bytes, start, key),
    field: (bytes: Buffer, name: string) => decoder.field(bytes, 0, name),
  };
}

describe('the size of stored values', () => {
  /** Without the two bytes that say which fields the item has. */
  function sizeOf(value: Json): number {
    const { encode } = createCodec([{ id: 0, names: ['f'] }]);
    return encode({ f: value }).length - 2;
  }

  test.each<[Json, number]>([
    [null, 1],
    [true, 1],
    [63, 1],
    [64, 2],
    [-1, 2],
    [65_536, 4],
    [1_767_225_600, 5],
    [1_767_225_600_000, 6],
    [2 ** 53 - 1, 8],
    [0.5, 9],
    ['', 1],
    ['waiting', 8],
    ['x'.repeat(95), 96],
    ['x'.repeat(96), 98],
    ['é', 3],
    [[], 1],
    [[1, 2, 3], 4],
    [Array.from({ length: 16 }, () => 0), 18],
    [{}, 2],
  ])('%j takes %i bytes', (value, bytes) => {
    expect(sizeOf(value)).toBe(bytes);
  });
});

describe('what repeats', () => {
  const fields = { status: 'waiting', version: 1, startedAt: 1_767_225_600_000 };

  test('is stored by number once it was seen often: names of fields first, then texts', () => {
    const { encode } = createCodec();
    const sizes = Array.from({ length: 200 }, () => encode(fields).length);
    // Two counts, three names, and the values.
    expect(sizes[0]).toBe(2 + 7 + 8 + 10 + 8 + 1 + 6);
    expect(sizes.at(-1)).toBe(2 + 1 + 1 + 6);
  });

  test('is read by another process that knows what was saved', () => {
    const writer = createCodec();
    const stored = Array.from({ length: 200 }, () => writer.encode(fields));
    const { shapes, texts } = writer.saved;
    expect(shapes).toEqual([{ id: 0, names: ['status', 'version', 'startedAt'] }]);
    expect(texts).toEqual([{ number: 0, text: 'waiting' }]);
    const reader = createCodec(shapes, texts);
    for (const bytes of stored) expect(reader.decode(bytes)).toEqual({ ...key, ...fields });
    expect(reader.encode(fields)).toEqual(stored.at(-1));
  });

  test('goes on with new numbers after those that were saved', () => {
    const { encode, saved } = createCodec([{ id: 7, names: ['a'] }], [{ number: 4, text: 'old' }]);
    for (let n = 0; n < 200; n += 1) encode({ b: 'new' });
    expect(saved.shapes.at(-1)).toEqual({ id: 8, names: ['b'] });
    expect(saved.texts.at(-1)).toEqual({ number: 5, text: 'new' });
  });

  test('does not confuse absent fields with present ones', () => {
    const { encode, decode } = createCodec();
    for (let n = 0; n < 20; n += 1) {
      const some = { a: 1, ...(n % 2 === 0 ? { b: 2 } : {}), ...(n % 3 === 0 ? { c: 3 } : {}) };
      expect(decode(encode({ ...some, d: undefined }))).toEqual({ ...key, ...some });
    }
  });

  test('may be hundreds of texts and more', () => {
    const { encode, decode, saved } = createCodec();
    for (let n = 0; n < 60_000; n += 1) encode({ node: `node_${n % 300}` });
    expect(saved.texts.length).toBeGreaterThan(250);
    for (let n = 0; n < 300; n += 1) {
      const stored = encode({ node: `node_${n}` });
      expect(decode(stored)).toEqual({ ...key, node: `node_${n}` });
      expect(stored.length).toBeLessThan(12);
    }
  });

  test('is not learned from fields beyond number', () => {
    const { encode, decode, saved } = createCodec();
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`f${n}`, n]));
    for (let n = 0; n < 20; n += 1) expect(decode(encode(many))).toEqual({ ...key, ...many });
    expect(saved.shapes).toEqual([]);
  });
});

describe('reading', () => {
  test('finds a field without the others, shaped or not', () => {
    const { encode, field } = createCodec();
    const fields = { a: [1, { b: 'x' }], index: 'red', n: -7, long: 'y'.repeat(200) };
    for (let n = 0; n < 12; n += 1) {
      const bytes = encode(fields);
      expect(field(bytes, 'index')).toBe('red');
      expect(field(bytes, 'n')).toBe(-7);
      expect(field(bytes, 'a')).toEqual([1, { b: 'x' }]);
      expect(field(bytes, 'b')).toBeUndefined();
    }
  });

  test('begins anywhere in the bytes', () => {
    const { encode, decode } = createCodec();
    const bytes = Buffer.concat([Buffer.alloc(5, 0xff), encode({ a: 'é' }), Buffer.alloc(3, 0xff)]);
    expect(decode(bytes, 5)).toEqual({ ...key, a: 'é' });
  });

  test('says so when a shape or a text was never saved', () => {
    const writer = createCodec([{ id: 3, names: ['a'] }], [{ number: 100, text: 'gone' }]);
    const shaped = writer.encode({ a: 1 });
    const known = writer.encode({ b: 'gone' });
    const reader = createCodec();
    expect(() => reader.decode(shaped)).toThrow('the stored item has an unknown shape (3)');
    expect(() => reader.decode(known)).toThrow('the stored item has an unknown text (100)');
  });

  test('keeps the halves of an emoji apart, as UTF-8 does: it stores replacements', () => {
    const { encode, decode } = createCodec();
    expect(decode(encode({ a: '\ud83d!' }))).toEqual({ ...key, a: '\ufffd!' });
  });
});

test('for every item: it is read as it was written', () => {
  const codec = createCodec();
  const name = fc.oneof(
    fc.constantFrom('a', 'b', 'status', '__proto__'),
    fc.string({ unit: 'grapheme' }),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false, 'waiting', ''),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.array(tie('value'), { maxLength: 20 }),
      fc.dictionary(name, tie('value')),
    ),
  }));
  const fields = fc.dictionary(
    name.filter((each) => each !== 'pk' && each !== 'sk'),
    value,
  );
  fc.assert(
    fc.property(fields, (each) => {
      // Zero has no sign, and dictionaries of fast-check have no prototype.
      const plain = JSON.parse(JSON.stringify(each)) as Record<string, Json>;
      const bytes = codec.encode(plain);
      expect(codec.decode(bytes)).toEqual({ ...key, ...plain });
      for (const [field, stored] of Object.entries(plain)) {
        expect(codec.field(bytes, field)).toEqual(stored);
      }
    }),
    { numRuns: 500 },
  );
});
