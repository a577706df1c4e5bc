/** `ab_split`: golden variants that may never change, and why a customer got one. */
import { describe, expect, test } from 'vitest';
import { abSplit } from '../../lib/nodes/ab-split.ts';
import { configProblems, contextWith, runNode } from '../support/node-runs.ts';

const seventyThirty = {
  variants: [
    { key: 'a', weight: 70 },
    { key: 'b', weight: 30 },
  ],
};
const half = {
  variants: [
    { key: 'x', weight: 1 },
    { key: 'y', weight: 1 },
  ],
};

function branchOf(
  config: object,
  given: { customer: string; journey?: string; node?: string },
): string {
  const outcome = runNode(abSplit, config as never, contextWith(given));
  if (outcome.kind !== 'branched') throw new Error(outcome.kind);
  return outcome.branch;
}

describe('ab_split', () => {
  test.each([
    ['c1', 's1', 'a', 'customer hash 43 falls in a (0 to 69 of 100)'],
    ['c2', 's1', 'a', 'customer hash 1 falls in a (0 to 69 of 100)'],
    ['c1', 's2', 'a', 'customer hash 59 falls in a (0 to 69 of 100)'],
    ['c4', 's1', 'b', 'customer hash 81 falls in b (70 to 99 of 100)'],
  ])('%s at %s gets %s for ever, and the step says why', (customer, node, branch, note) => {
    expect(runNode(abSplit, seventyThirty, contextWith({ customer, node }))).toEqual({
      kind: 'branched',
      branch,
      result: { branch },
      notes: [note],
    });
  });

  test('gives ten customers the variants that they always had (golden)', () => {
    const customers = Array.from({ length: 10 }, (_, at) => `customer-${at}`);
    const row = (config: object, node: string): string =>
      customers
        .map((customer) => branchOf(config, { customer, journey: 'welcome', node }))
        .join('');
    expect(row(seventyThirty, 'split')).toBe('aaaaaaaaba');
    expect(row(half, 'split')).toBe('xyxyxyyyyx');
    expect(row(half, 'other')).toBe('yyxyyyxxxy');
    expect(row({ ...half, salt: 'welcome/split' }, 'anywhere')).toBe('xyxyxyyyyx');
  });

  test('a shared salt makes nodes and journeys split alike', () => {
    for (let at = 0; at < 50; at++) {
      const customer = `c${at}`;
      const salted = { ...half, salt: 'spring' };
      const here = branchOf(salted, { customer, journey: 'J1', node: 'n1' });
      expect(branchOf(salted, { customer, journey: 'J2', node: 'n2' })).toBe(here);
    }
  });

  test('weights need not add up to a hundred', () => {
    const config = {
      variants: [
        { key: 'rare', weight: 1 },
        { key: 'often', weight: 3 },
      ],
    };
    const counts = { rare: 0, often: 0 };
    for (let at = 0; at < 10_000; at++) {
      counts[branchOf(config, { customer: `c${at}` }) as keyof typeof counts]++;
    }
    expect(counts.rare / 10_000).toBeGreaterThan(0.2);
    expect(counts.rare / 10_000).toBeLessThan(0.3);
    expect(counts.rare + counts.often).toBe(10_000);
  });

  test('has one branch per variant', () => {
    expect(abSplit.branches?.(abSplit.config.parse(seventyThirty))).toEqual(['a', 'b']);
  });

  test('refuses two variants of one key, once for each key', () => {
    const variants = ['a', 'b', 'a', 'b', 'a'].map((key) => ({ key, weight: 1 }));
    expect(configProblems(abSplit, { variants })).toEqual([
      'two variants have the key "a"',
      'two variants have the key "b"',
    ]);
  });

  test('fails cleanly without variants, which publishing never lets through (N4)', () => {
    expect(abSplit.run({ variants: [] } as never, contextWith())).toEqual({
      kind: 'failed',
      code: 'ab_split.no_variant',
      detail: 'the split has no variants',
      retryable: false,
    });
  });
});
