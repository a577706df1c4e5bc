/** Forks mean the same to the compiled machine as to the rules they are written down in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import { eventTypes, structuredForkedGraph } from '../support/forked-graphs-arbitrary.ts';
import { forksOf } from '../support/fork-definition.ts';
import type { DrawnJson } from '../support/graphs.ts';
import { countScenario } from '../support/scenario-count.ts';
import { tokenWalker, type Walk } from '../support/token-walker.ts';

const tenant = 'T1';
const customer = 'c1';
const start = Date.parse('2026-01-01T00:00:00Z');

/** What happens next: an event, or as much time as the next wait takes. */
const happening = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...eventTypes) },
  { weight: 2, arbitrary: fc.constant('time' as const) },
);

const scenario = fc.record({
  graph: structuredForkedGraph(),
  truths: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  happenings: fc.array(happening, { minLength: 4, maxLength: 12 }),
  /** Whether the customer is paused meanwhile, and resumed right after. */
  pauses: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  seed: fc.nat(1_000_000),
});

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };

describe('forks', () => {
  it('for every journey, outcome and order: the machine does what the token rules say', async () => {
    let forked = 0;
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ graph, truths, happenings, pauses, seed }) => {
        countScenario('T1-T9 tokens', { graph, truths, happenings, pauses, seed });
        forked += forksOf(graph).length > 0 ? 1 : 0;
        const context = Object.fromEntries(truths.map((truth, at) => [`n${at}`, truth]));
        const walker = tokenWalker(graph, context);
        const kit = await createTestkit({ seed });
        try {
          await kit.publish({ tenant, journey: 'J', graph });
          await kit.customer({ tenant, id: customer, email: 'c1@example.com' });
          const { instance } = await kit.enroll({ tenant, journey: 'J', customer, context });
          await kit.settle();
          let now = start;
          let turn = 0;
          let before: Walk = { tokens: [], done: new Set(), ended: [] };
          let walk = walker.enter(now);
          for (const next of [
            ...happenings,
            ...Array.from({ length: 20 }, () => 'time' as const),
          ]) {
            await compare(kit, graph, instance, before, walk);
            before = walk;
            if (walk.ended.length > 0 || walk.tokens.length === 0) break;
            const isPaused = pauses[turn++ % pauses.length] === true;
            if (isPaused) await kit.pause(instance);
            if (next === 'time') {
              const due = Math.min(...walk.tokens.map(({ until = Infinity }) => until));
              await kit.advance(`${due - now}ms`);
              now = due;
              walk = walker.moveTo(walk, now);
            } else {
              await kit.event({ tenant, customer, type: next });
              await kit.settle();
              walk = walker.receive(walk, next, now);
            }
            if (isPaused) {
              await kit.resume(instance);
              await kit.settle();
            }
          }
          ended += walk.ended.length > 0 && before.tokens.length > 1 ? 1 : 0;
          await kit.advance('1m');
          expect(await kit.leftovers()).toEqual(nothing);
        } finally {
          await kit.close();
        }
      }),
      { numRuns: 400 },
    );
    expect(forked).toBeGreaterThan(300);
    expect(ended).toBeGreaterThan(4);
  });
});

async function compare(
  kit: Testkit,
  graph: DrawnJson,
  instance: string,
  before: Walk,
  walk: Walk,
): Promise<void> {
  const { status, positions } = await kit.instance(instance);
  const steps = await kit.steps(instance);
  const done = steps.filter((step) => step.status === 'completed').map(({ node }) => node);
  expect(new Set(done).size).toBe(done.length);
  if (walk.ended.length === 0) {
    const places = walk.tokens.map(({ node }) => node).toSorted();
    expect({ status, positions, done: done.toSorted() }).toEqual({
      status: places.length === 0 ? 'completed' : 'waiting',
      positions: places,
      done: [...walk.done].toSorted(),
    });
    return;
  }
  // One end came first, and nobody can say how far its siblings got until then.
  expect({ status, positions }).toEqual({ status: 'completed', positions: [] });
  expect(walk.done).toEqual(new Set([...walk.done, ...done]));
  expect(new Set(done)).toEqual(new Set([...done, ...before.done]));
  expect(walk.ended.filter((end) => done.includes(end))).toHaveLength(1);
  for (const node of done) {
    const sources = graph.edges.filter(({ target }) => target === node);
    const led = sources.some(({ source, branch }) =>
      steps.some((step) => step.node === source && step.branch === branch && done.includes(source)),
    );
    expect(node === 'n0' || led, `nothing led to ${node}`).toBe(true);
  }
  for (const { node, until } of before.tokens) {
    if (until === undefined || walk.done.has(node)) continue;
    expect(steps.find((step) => step.node === node)?.status).toBe('cancelled');
  }
}
