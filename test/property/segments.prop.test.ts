import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../lib/json.ts';
import { evaluateRule, explainRule } from '../../lib/journey/evaluate-rule.ts';
import { parseRule, parseSegmentRule } from '../../lib/journey/parse-rule.ts';
import { createTestkit } from '../../lib/testkit/testkit.ts';
import { drawGraph } from '../support/graphs.ts';
import { countScenario } from '../support/scenario-count.ts';

/**
 * What rules mean, once more and in the plainest words (semantics 1), from the rule as it is drawn: no tree, no shared code. A
 * value is looked up by its path; null and what is not there are missing.
 */
function plainlyMeets(rule: JsonObject, facts: JsonObject): boolean {
  if (Array.isArray(rule.all))
    return !rule.all.some((each) => !plainlyMeets(each as JsonObject, facts));
  if (Array.isArray(rule.any))
    return rule.any.filter((each) => plainlyMeets(each as JsonObject, facts)).length > 0;
  if (rule.not !== undefined) return !plainlyMeets(rule.not as JsonObject, facts);
  const found = lookUp(facts, (rule.field as string).split('.'));
  return plainlyHolds((rule.op ?? 'eq') as string, found, rule.value);
}

function lookUp(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value === null ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  const own = Object.entries(value).find(([key]) => key === step);
  return own === undefined ? undefined : lookUp(own[1], rest);
}

const text = (value: Json | undefined): string | undefined => JSON.stringify(sorted(value));

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((each) => sorted(each as Json) as Json);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each as Json)]));
}

function plainlyHolds(op: string, found: Json | undefined, wanted: Json | undefined): boolean {
  if (op === 'exists') return (found !== undefined) === (wanted !== false);
  if (found === undefined) return op === 'neq' || op === 'not_in';
  const list = (value: Json | undefined): readonly Json[] =>
    Array.isArray(value) ? (value as Json[]) : [];
  if (op === 'eq') return text(found) === text(wanted);
  if (op === 'neq') return text(found) !== text(wanted);
  if (op === 'in') return list(wanted).some((each) => text(each) === text(found));
  if (op === 'not_in') return list(wanted).every((each) => text(each) !== text(found));
  if (op === 'contains') {
    return typeof found === 'string'
      ? typeof wanted === 'string' && (wanted === '' || found.split(wanted).length > 1)
      : list(found).some((each) => text(each) === text(wanted));
  }
  if (typeof found !== typeof wanted) return false;
  if (typeof found !== 'number' && typeof found !== 'string') return false;
  const [one, other] = [found, wanted as typeof found];
  const order = one === other ? 0 : one < other ? -1 : 1;
  return { gt: order > 0, gte: order >= 0, lt: order < 0, lte: order <= 0 }[op] === true;
}

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('', 'a', 'ab', 'b', '1', '2026-01-01', 'toString'),
  fc.boolean(),
  fc.constantFrom(0.5, -0.5),
);
const value: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'b'), scalar, { maxKeys: 2 }),
);

const names = ['plan', 'spent', 'tags', 'a', '0', 'constructor', '__proto__'] as const;
const field = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((path) => ['customer', ...path].join('.'));

const comparison: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ field, value }),
  fc.record({ field, op: fc.constantFrom('eq', 'neq'), value }),
  fc.record({ field, op: fc.constant('contains'), value: scalar }),
  fc.record({
    field,
    op: fc.constantFrom('gt', 'gte', 'lt', 'lte'),
    value: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('a', 'ab', '2026-01-01')),
  }),
  fc.record({
    field,
    op: fc.constantFrom('in', 'not_in'),
    value: fc.array(scalar, { minLength: 1, maxLength: 4 }),
  }),
  fc.record(
    { field, op: fc.constant('exists'), value: fc.boolean() },
    { requiredKeys: ['field', 'op'] },
  ),
);

const rule = fc.letrec<{ rule: JsonObject }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc.record({ all: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('rule') }),
  ),
})).rule;

const properties = fc.dictionary(
  fc.constantFrom(...names.filter((name) => name !== '__proto__')),
  fc.oneof(value, fc.constant(null), fc.array(value, { maxLength: 2 })),
  { maxKeys: 5 },
) as fc.Arbitrary<JsonObject>;

describe('rules', () => {
  it('for every rule as text and every profile: tree and evaluation say what the rule plainly means', () => {
    let met = 0;
    fc.assert(
      fc.property(rule, properties, (drawn, customer) => {
        countScenario('U5 rules agree with their plain meaning', { drawn, customer });
        const parsed = parseSegmentRule(JSON.parse(JSON.stringify(drawn)));
        if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
        const facts = { customer };
        const expected = plainlyMeets(drawn, facts);
        if (expected) met += 1;
        expect(evaluateRule(parsed.rule, facts)).toBe(expected);
        expect(explainRule(parsed.rule, facts).holds).toBe(expected);
        // One language: a condition reads the same rule as the same tree, and a stored tree is read back as itself.
        expect(parseRule(drawn)).toEqual(parsed);
        expect(parseSegmentRule(JSON.parse(JSON.stringify(parsed.rule)))).toEqual(parsed);
      }),
      { numRuns: 2_000 },
    );
    expect(met).toBeGreaterThan(300);
    expect(met).toBeLessThan(1_700);
  });
});

type Step =
  | { readonly do: 'spend'; readonly customer: string; readonly spent: number }
  | { readonly do: 'advance' }
  | { readonly do: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('spend' as const),
      customer: fc.constantFrom('c1', 'c#2'),
      spent: fc.constantFrom(0, 50, 100, 200),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'advance' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

const isVip = { field: 'customer.properties.spent', op: 'gte', value: 100 };

const graphFor = (config: object): object =>
  drawGraph({ in: ['segment_entry', { segment_id: 'vip', ...config }], out: ['exit'] }, [
    'in -> out',
  ]);

describe('entries by segment', () => {
  it('for every history: each coming into the segment lets the customer in once, at once or at the next time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 14 }),
        fc.array(step, { maxLength: 3 }),
        fc.nat(1_000_000),
        async (steps, before, seed) => {
          countScenario('segment transitions', { steps, before, seed });
          const kit = await createTestkit({ seed });
          const tenant = 'T1';
          const spent = new Map<string, number>();
          const awaited = new Set<string>();
          const expected = { now: [] as string[], daily: [] as string[] };
          const play = async (each: Step, published: boolean): Promise<void> => {
            if (each.do === 'restart') return kit.restart();
            if (each.do === 'advance') {
              await kit.advance('1d');
              expected.daily.push(...awaited);
              awaited.clear();
              return;
            }
            const { customer } = each;
            const was = (spent.get(customer) ?? 0) >= 100;
            const is = each.spent >= 100;
            spent.set(customer, each.spent);
            await kit.customer({ tenant, id: customer, properties: { spent: each.spent } });
            await kit.settle();
            if (published && is && !was) {
              expected.now.push(customer);
              awaited.add(customer);
            }
            if (!is) awaited.delete(customer);
          };
          try {
            await kit.segment({ tenant, id: 'vip', rule: isVip });
            for (const each of before) await play(each, false);
            await kit.publish({ tenant, journey: 'now', graph: graphFor({}) });
            await kit.publish({
              tenant,
              journey: 'daily',
              graph: graphFor({ schedule: '0 9 * * *' }),
            });
            for (const each of steps) await play(each, true);
            await play({ do: 'advance' }, true);
            for (const journey of ['now', 'daily'] as const) {
              const ids = await kit.instances({ tenant, journey });
              const entered = await Promise.all(
                ids.map(async (id) => (await kit.instance(id)).customer),
              );
              expect([journey, ...entered.toSorted()]).toEqual([
                journey,
                ...expected[journey].toSorted(),
              ]);
            }
          } finally {
            await kit.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
