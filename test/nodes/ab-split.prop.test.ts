/** Properties 10 and 11: a split is deterministic, follows its weights, and is independent of every other split. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { abSplit } from '../../lib/nodes/ab-split.ts';
import { countScenario } from '../support/scenario-count.ts';
import { contextWith } from '../support/node-runs.ts';

const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 5 });
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const names = ['a', 'b', 'c', 'd', 'e'];

/** A parsed configuration. */
function splitOf(shares: readonly number[], salt?: string): never {
  const variants = shares.map((weight, at) => ({ key: names[at] ?? '', weight }));
  return abSplit.config.parse(salt === undefined ? { variants } : { variants, salt });
}

function variantOf(config: never, given: Parameters<typeof contextWith>[0]): string {
  const outcome = abSplit.run(config, contextWith(given));
  if (outcome.kind !== 'branched') throw new Error(outcome.kind);
  return outcome.branch;
}

test('for every split and customer: the same variant each time, whatever else is different', () => {
  fc.assert(
    fc.property(weights, fc.string(), id, fc.nat(), (shares, customer, journey, now) => {
      countScenario('10 splits are deterministic', [shares, customer, journey]);
      const config = splitOf(shares);
      const first = variantOf(config, { customer, journey, node: 'split' });
      const again = {
        customer,
        journey,
        node: 'split',
        now,
        instance: 'another',
        tenant: 'T2',
        facts: { customer: { id: customer, name: 'changed' }, event: { x: now } },
      };
      expect(variantOf(splitOf(shares), again)).toBe(first);
      expect(variantOf(splitOf(shares, `${journey}/split`), { ...again, node: 'moved' })).toBe(
        first,
      );
    }),
    { numRuns: 300 },
  );
});

describe('the shares of a split', () => {
  /**
   * Chi-square of the counts against the weights must stay below the quantile for p = 10^-6, by degrees of freedom: a sound
   * split fails once in a million runs.
   */
  const chiSquareMax = [0, 23.93, 27.63, 30.66, 33.38];

  test('for every weights: they are followed', () => {
    fc.assert(
      fc.property(weights, fc.string({ minLength: 1 }), (shares, journey) => {
        countScenario('11 splits match their weights', [shares, journey]);
        const config = splitOf(shares);
        const counts = new Map<string, number>();
        const customers = 3_000;
        for (let at = 0; at < customers; at++) {
          const variant = variantOf(config, { customer: `c${at}`, journey, node: 'split' });
          counts.set(variant, (counts.get(variant) ?? 0) + 1);
        }
        const total = shares.reduce((sum, weight) => sum + weight, 0);
        const expected = shares.map((weight) => (customers * weight) / total);
        expect(Math.min(...expected)).toBeGreaterThan(5);
        expect(
          chiSquare(
            shares.map((_, at) => counts.get(names[at] ?? '') ?? 0),
            expected,
          ),
        ).toBeLessThan(chiSquareMax[shares.length - 1] ?? 0);
      }),
      { numRuns: 100 },
    );
  });

  test('10,000 customers split 70 to 30 within 0.05, and a second split is independent of the first (S19)', () => {
    const first = splitOf([70, 30]);
    const second = splitOf([1, 1]);
    const seen = { aa: 0, ab: 0, ba: 0, bb: 0 };
    for (let at = 0; at < 10_000; at++) {
      const customer = `c${at}`;
      const pair = `${variantOf(first, { customer, node: 's1' })}${variantOf(second, { customer, node: 's2' })}`;
      seen[pair as keyof typeof seen]++;
    }
    const inA = seen.aa + seen.ab;
    const inB = seen.ba + seen.bb;
    expect(Math.abs(inA / 10_000 - 0.7)).toBeLessThan(0.05);
    expect(Math.abs(seen.aa / inA - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(seen.ba / inB - 0.5)).toBeLessThan(0.05);
  });

  test('for every two nodes: their splits are independent', () => {
    const node = fc.stringMatching(/^[a-z0-9_]{1,6}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(node, { minLength: 2, maxLength: 2 }),
        ([one = '', other = '']) => {
          countScenario('11 splits are independent', [one, other]);
          const config = splitOf([50, 50]);
          const cells = { aa: 0, ab: 0, ba: 0, bb: 0 };
          for (let at = 0; at < 2_000; at++) {
            const customer = `customer-${at}`;
            const pair = `${variantOf(config, { customer, node: one })}${variantOf(config, { customer, node: other })}`;
            cells[pair as keyof typeof cells]++;
          }
          expect(chiSquare(Object.values(cells), [500, 500, 500, 500])).toBeLessThan(30.66);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce(
    (sum, count, at) => sum + (count - (expected[at] ?? 0)) ** 2 / (expected[at] ?? 1),
    0,
  );
}
