import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  aboveAll,
  escapeZeros,
  fromByteString,
  joinParts,
  splitParts,
  toByteString,
} from '../../../lib/adapters/local/byte-string.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });

test('plain ASCII is its own byte string', () => {
  expect(toByteString('T#i#0Abc')).toBe('T#i#0Abc');
  expect(fromByteString('T#i#0Abc')).toBe('T#i#0Abc');
});

test('other letters become the bytes of UTF-8', () => {
  expect(toByteString('é€🙂')).toBe('\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82');
});

test('for every text: it comes back, and orders as its bytes do', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(fromByteString(toByteString(a))).toBe(a);
      const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
      const [first, second] = [toByteString(a), toByteString(b)];
      expect(first < second ? -1 : first > second ? 1 : 0).toBe(order);
      expect(first < aboveAll).toBe(true);
    }),
  );
});

test('for every pair of lists: joined parts come back, and order by the first part, then the second', () => {
  const parts = fc.tuple(
    fc.constantFrom('a', 'a\0', 'a\0\0', 'a\0b', 'ab', '\0', 'é'),
    fc.constantFrom('', '\0', 'b', 'a\0', '\0b'),
  );
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      const [a, b] = [left.map(toByteString), right.map(toByteString)];
      expect(splitParts(joinParts(...a))).toEqual(a);
      const byParts = compare(a[0], b[0]) || compare(a[1], b[1]);
      expect(compare(joinParts(...a), joinParts(...b))).toBe(byParts);
    }),
    { numRuns: 1_000 },
  );
});

test('zero bytes are followed by 0xFF inside a part', () => {
  expect(escapeZeros('a\0b')).toBe('a\0\xffb');
  expect(joinParts('a\0', 'b')).toBe('a\0\xff\0b');
});

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
