/** Customers in several places at once lose none of them, and repeat nothing, whenever the process dies. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { killPointNames } from '../../lib/testkit/kill-points.ts';
import { createTestkit } from '../../lib/testkit/testkit.ts';
import { eventTypes, structuredForkedGraph } from '../support/forked-graphs-arbitrary.ts';
import { countScenario } from '../support/scenario-count.ts';
import { survive } from '../support/survive.ts';
import { tokenWalker, type Walk, type Walker } from '../support/token-walker.ts';

const tenant = 'T1';
const customer = 'c1';
const dayMs = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');

const point = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['step.finish', 'wait.register', 'wait.reattach', 'join.wait', 'event.claim'].flatMap(
        (name) => [`${name}:before`, `${name}:after`],
      ),
      ...['instance.end', 'instance.reseat', 'execution.keep', 'execution.start'].flatMap(
        (name) => [`${name}:before`, `${name}:after`],
      ),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...killPointNames) },
);

const scenario = fc.record({
  graph: structuredForkedGraph(),
  truths: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  kills: fc.array(fc.record({ point, nth: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  events: fc.array(fc.constantFrom(...eventTypes), { maxLength: 4 }),
  seed: fc.nat(1_000_000),
});

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };

describe('forks', () => {
  it('for every journey and death: the customer comes through as the token rules say, each step once', async () => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ graph, truths, kills, events, seed }) => {
        countScenario('forks under deaths', { graph, truths, kills, events, seed });
        const context = Object.fromEntries(truths.map((truth, at) => [`n${at}`, truth]));
        const kit = await createTestkit({ seed });
        const insist = async (call: () => Promise<unknown>): Promise<void> => {
          deaths += await survive(kit, call);
        };
        try {
          await kit.publish({ tenant, journey: 'J', graph });
          await kit.customer({ tenant, id: customer, email: 'c1@example.com' });
          for (const kill of kills) kit.killAt(kill.point, kill.nth);
          await insist(() => kit.enroll({ tenant, journey: 'J', customer, context }));
          await insist(() => kit.settle());
          for (const [at, type] of events.entries()) {
            await insist(() => kit.event({ tenant, customer, type, id: `e${at}` }));
            const next = start + (at + 1) * dayMs;
            // What is left of the day: a death in the middle of it must not make it longer.
            await insist(() => kit.advance(`${next - Date.parse(kit.now())}ms`));
          }
          for (let time = 0; time < 15; time++) await insist(() => kit.advance('405d'));

          const walk = finalWalk(tokenWalker(graph, context), events);
          const [instance = ''] = await kit.instances({ tenant });
          expect((await kit.instance(instance)).status).toBe('completed');
          const steps = await kit.steps(instance);
          const done = steps.filter(({ status }) => status === 'completed').map(({ node }) => node);
          expect(new Set(steps.map(({ node }) => node)).size).toBe(steps.length);
          if (walk.ended.length === 0) expect(done.toSorted()).toEqual([...walk.done].toSorted());
          else expect(new Set([...walk.done, ...done])).toEqual(walk.done);
          const keys = kit.sends().map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(await kit.leftovers()).toEqual(nothing);
        } finally {
          await kit.close();
        }
      }),
      { numRuns: 200 },
    );
    expect(deaths).toBeGreaterThan(40);
  });
});

/** As far as the walk goes without deaths; an end that may come first ends it. */
function finalWalk(walker: Walker, events: readonly string[]): Walk {
  let now = start;
  let walk = walker.enter(now);
  const until = (end: number): void => {
    while (walk.ended.length === 0) {
      const due = Math.min(...walk.tokens.map((token) => token.until ?? Infinity));
      if (due > end || due === Infinity) break;
      now = due;
      walk = walker.moveTo(walk, now);
    }
    now = end;
  };
  for (const type of events) {
    if (walk.ended.length === 0) walk = walker.receive(walk, type, now);
    until(now + dayMs);
  }
  until(Infinity);
  return walk;
}
