import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexOrder } from '../../../../lib/adapters/aws/dynamodb/index-order.ts';

const letter = fc.constantFrom(
  '\0',
  '\x01',
  'a',
  'b',
  '\x7f',
  '\x80',
  'é',
  '\u07ff',
  '\ud7ff',
  '🙂',
  '\u{10ffff}',
);
const text = fc.array(letter, { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''));
const longest = fc
  .array(letter, { minLength: 600, maxLength: 600 })
  .map((letters) => upTo512Bytes(letters));

function upTo512Bytes(letters: readonly string[]): string {
  let all = '';
  for (const each of letters) if (Buffer.byteLength(all + each) <= 512) all += each;
  return all;
}

test('the shorter of two partition keys comes first, whatever their sort keys are', () => {
  const order = [
    { pk: 'a', sk: 'z' },
    { pk: 'a\0', sk: 'a' },
    { pk: 'aa', sk: 'a' },
    { pk: 'é', sk: '\0' },
  ].map(indexOrder);
  expect(order.toSorted((a, b) => Buffer.compare(a, b))).toEqual(order);
});

test('two keys of 512 bytes take exactly what a sort key may take', () => {
  expect(indexOrder({ pk: 'k'.repeat(512), sk: '🙂'.repeat(128) })).toHaveLength(1_024);
  expect(indexOrder({ pk: 'k'.repeat(511), sk: 'é'.repeat(256) })).toHaveLength(1_024);
});

test('for every pair of keys: their places are ordered by pk, then sk', () => {
  const part = fc.oneof({ weight: 9, arbitrary: text }, longest);
  const key = fc.record({ pk: part, sk: part });
  fc.assert(
    fc.property(key, key, fc.boolean(), (a, other, samePk) => {
      const b = samePk ? { ...other, pk: a.pk } : other;
      const expected =
        Buffer.compare(Buffer.from(a.pk), Buffer.from(b.pk)) ||
        Buffer.compare(Buffer.from(a.sk), Buffer.from(b.sk));
      expect(Buffer.compare(indexOrder(a), indexOrder(b))).toBe(expected);
      expect(indexOrder(a).length).toBeLessThanOrEqual(1_024);
    }),
    { numRuns: 1_000 },
  );
});
