/** What the 256 KiB limit of Step Functions applies to, and what fails when it is passed. */
import { describe, expect, it } from 'vitest';
import { exceedsDataLimit } from '../../../lib/local/asl/data-limit.ts';

describe('exceedsDataLimit', () => {
  it('lets 262,144 bytes of JSON pass, quotes included, and no byte more', () => {
    expect(exceedsDataLimit('x'.repeat(262_142))).toBe(false);
    expect(exceedsDataLimit('x'.repeat(262_143))).toBe(true);
  });

  it('counts bytes of UTF-8, not characters', () => {
    expect(exceedsDataLimit('é'.repeat(131_071))).toBe(false);
    expect(exceedsDataLimit('é'.repeat(131_072))).toBe(true);
  });

  it('counts what escaping adds', () => {
    expect(exceedsDataLimit('"'.repeat(131_072))).toBe(true);
  });

  it('looks into lists and objects', () => {
    expect(exceedsDataLimit(Array.from({ length: 26_214 }, () => 'x'.repeat(7)))).toBe(false);
    expect(exceedsDataLimit(Array.from({ length: 26_215 }, () => 'x'.repeat(8)))).toBe(true);
    expect(exceedsDataLimit({ a: [1, true, null], b: { c: 'x'.repeat(262_144) } })).toBe(true);
    expect(exceedsDataLimit({ a: [1, true, null], b: { c: 'x' } })).toBe(false);
  });
});
