import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortKeyRange } from '../../../../lib/adapters/aws/dynamodb/sort-key-range.ts';
import type { PartitionQuery } from '../../../../lib/ports/table.ts';

const pk = 'T#c#1';

describe('the range of a query', () => {
  const cases: readonly [string, Omit<PartitionQuery, 'pk' | 'limit'>, unknown][] = [
    ['of a whole partition', {}, {}],
    ['of an empty prefix', { prefix: '' }, {}],
    ['of a prefix', { prefix: 'w#' }, { from: 'w#', to: 'w$' }],
    [
      'of a prefix before the surrogates',
      { prefix: 'a\ud7ff' },
      { from: 'a\ud7ff', to: 'a\ue000' },
    ],
    [
      'of a prefix that ends in the highest letter',
      { prefix: 'b\u{10ffff}' },
      { from: 'b\u{10ffff}', to: 'c' },
    ],
    ['of a prefix of highest letters', { prefix: '\u{10ffff}' }, { from: '\u{10ffff}' }],
    ['after a key', { after: 'b' }, { from: 'b\0' }],
    ['after the empty text', { after: '' }, { from: '\0' }],
    ['after a key, backward', { after: 'b', backward: true }, { to: 'b' }],
    ['after the empty text, backward', { after: '', backward: true }, undefined],
    ['below a key', { below: 'b' }, { to: 'b' }],
    ['below the empty text', { below: '' }, undefined],
    ['after and below', { after: 'b', below: 'd' }, { from: 'b\0', to: 'd' }],
    ['after what is not below', { after: 'd', below: 'd' }, undefined],
    ['after a key that is in the prefix', { prefix: 'b', after: 'b1' }, { from: 'b1\0', to: 'c' }],
    ['after a key that is beyond the prefix', { prefix: 'b', after: 'c' }, undefined],
    ['below a key that is in the prefix', { prefix: 'b', below: 'b2' }, { from: 'b', to: 'b2' }],
  ];
  for (const [name, query, expected] of cases) {
    test(name, () => {
      expect(sortKeyRange({ pk, limit: 1, ...query })).toEqual(expected);
    });
  }
});

test('for every query and sort key: the key is in the range when the query asks for it', () => {
  const letter = fc.constantFrom(
    '\0',
    'a',
    'b',
    'é',
    '\ud7ff',
    '\ue000',
    '\uffee',
    '🙂',
    '\u{10ffff}',
  );
  const text = fc.array(letter, { maxLength: 3 }).map((letters) => letters.join(''));
  const query = fc.record(
    { prefix: text, after: text, below: text, backward: fc.boolean() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(query, text, (asked, sk) => {
      const { prefix = '', after, below, backward = false } = asked;
      const isAsked =
        sk !== '' &&
        sk.startsWith(prefix) &&
        (below === undefined || compare(sk, below) < 0) &&
        (after === undefined || (backward ? compare(sk, after) < 0 : compare(sk, after) > 0));
      const range = sortKeyRange({ pk, limit: 1, ...asked });
      const isIn =
        sk !== '' &&
        range !== undefined &&
        (range.from === undefined || compare(sk, range.from) >= 0) &&
        (range.to === undefined || compare(sk, range.to) < 0);
      expect(isIn).toBe(isAsked);
    }),
    { numRuns: 2_000 },
  );
});

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
