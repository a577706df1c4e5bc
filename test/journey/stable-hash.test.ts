/** The golden values below may never change: customers would change their variant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketOf, stableHash } from '../../lib/journey/stable-hash.ts';
import { countScenario } from '../support/scenario-count.ts';

describe('stableHash', () => {
  test.each([
    [[], 0xefd01f60, 0xba992926],
    [[''], 0x1bbd5c81, 0x3c69a8d7],
    [['a'], 0x3aec69d2, 0x86fbd39b],
    [['ab'], 0xac5bc11d, 0xa938a7ec],
    [['a', 'b'], 0xd1cc4716, 0x18320c9c],
    [['J/s1', 'c1'], 0x5f3eaed9, 0x2ef1a2d3],
    [['J/s1', 'c2'], 0x07dbbe74, 0x59f1597d],
    [['J/s2', 'c1'], 0x67e9592c, 0x962c8a03],
    [['salt', 'customer-42'], 0xc4707b29, 0x4e07cc66],
    [['Jé/ü', '🙂'], 0x813332fb, 0x95e07b9a],
  ])('of %j is what it always was', (parts, high, low) => {
    expect(stableHash(parts)).toEqual({ high, low });
  });

  test('for every list of texts: agrees with the same arithmetic on big integers', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 });
    fc.assert(
      fc.property(texts, (parts) => {
        countScenario('the hash agrees with its definition', parts);
        const { high, low } = stableHash(parts);
        expect((BigInt(high) << 32n) | BigInt(low)).toBe(hashByDefinition(parts));
      }),
      { numRuns: 500 },
    );
  });
});

describe('bucketOf', () => {
  test.each([
    [100, 43],
    [500, 143],
    [1, 0],
    [2, 1],
  ])('of %d buckets takes the remainder of all 64 bits', (buckets, bucket) => {
    expect(bucketOf({ high: 0x5f3eaed9, low: 0x2ef1a2d3 }, buckets)).toBe(bucket);
  });

  test('for every hash and number of buckets: is the remainder', () => {
    const half = fc.nat(0xffffffff);
    fc.assert(
      fc.property(half, half, fc.integer({ min: 1, max: 2 ** 20 }), (high, low, buckets) => {
        const value = (BigInt(high) << 32n) | BigInt(low);
        expect(BigInt(bucketOf({ high, low }, buckets))).toBe(value % BigInt(buckets));
      }),
    );
  });
});

/** FNV-1a with 64 bits, each part closed by 0xff, then fmix64. */
function hashByDefinition(parts: readonly string[]): bigint {
  const mask = (1n << 64n) - 1n;
  let hash = 0xcbf29ce484222325n;
  for (const part of parts) {
    for (const byte of [...new TextEncoder().encode(part), 0xff]) {
      hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & mask;
    }
  }
  hash ^= hash >> 33n;
  hash = (hash * 0xff51afd7ed558ccdn) & mask;
  hash ^= hash >> 33n;
  hash = (hash * 0xc4ceb9fe1a85ec53n) & mask;
  return hash ^ (hash >> 33n);
}
