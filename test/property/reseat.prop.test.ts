/**
 * An execution may end anywhere and the next one take the customer up: in a branch, at a join, between two nodes, while a function
 * is at work (design, decision 5). Nobody is lost on the way, and nothing is done twice.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saveCustomer } from '../../lib/engine/customers/customers.ts';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { readInstance } from '../../lib/engine/instances/read-instance.ts';
import { readTimeline } from '../../lib/engine/instances/read-steps.ts';
import { reconcile } from '../../lib/engine/instances/reconcile.ts';
import { reseat } from '../../lib/engine/instances/reseat.ts';
import { publish } from '../../lib/engine/journeys/publish.ts';
import { executionName, isTerminal, type Instance } from '../../lib/engine/records/instance.ts';
import type { Channel } from '../../lib/ports/channel.ts';
import { engineApart } from '../support/engine-apart.ts';
import { crossedForkedGraph, structuredForkedGraph } from '../support/forked-graphs-arbitrary.ts';
import { countScenario } from '../support/scenario-count.ts';
import { tokenWalker, type Walk, type Walker } from '../support/token-walker.ts';

const tenant = 'T1';
const customer = 'c1';
const start = Date.parse('2026-01-01T00:00:00Z');
const dayMs = 86_400_000;

/** A function takes a second, so that half a second later one is at work. */
const startMs = { run_node: 1_000, resolve_wait: 1_000 };

/** After how long an execution ends: within the first steps, or in the course of the waits. */
const pause = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((half) => half * 500),
  fc.integer({ min: 1, max: 12 }).map((day) => (day * dayMs) / 2),
  fc.integer({ min: 1, max: 8 }).map((half) => 2 * dayMs + half * 500),
);

const scenario = fc.record({
  graph: fc.oneof(structuredForkedGraph(), crossedForkedGraph()),
  truths: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  ends: fc.array(fc.record({ after: pause, byHand: fc.boolean() }), { minLength: 1, maxLength: 5 }),
  seed: fc.nat(1_000_000),
});

describe('the next execution', () => {
  it('takes the customer up wherever the last one ended', async () => {
    let several = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ graph, truths, ends, seed }) => {
        countScenario('re-seated anywhere', { graph, truths, ends, seed });
        const context = Object.fromEntries(truths.map((truth, at) => [`n${at}`, truth]));
        const sent: string[] = [];
        const email: Channel = {
          idempotent: false,
          send: ({ key }) => {
            sent.push(key);
            return Promise.resolve({ kind: 'accepted', providerMessageId: key });
          },
        };
        const engine = engineApart({ seed, startMs, email });
        await publish(engine.ctx, { tenant, journey: 'J', graph });
        await saveCustomer(engine.ctx, { tenant, customer, email: 'c1@example.com' });
        const { instance } = await enrol(engine.ctx, { tenant, journey: 'J', customer, context });
        const read = () => readInstance(engine.ctx, { tenant, instance });
        for (const { after, byHand } of ends) {
          await engine.advance(after);
          const before = await read();
          if (isTerminal(before)) break;
          several += before.tokens.length > 1 ? 1 : 0;
          if (byHand) await stop(engine.ctx, before);
          else await reseat(engine.ctx, before);
        }
        for (let time = 0; time < 15; time++) await engine.advance(405 * dayMs);

        const walk = finalWalk(tokenWalker(graph, context));
        const steps = await readTimeline(engine.ctx, await read());
        const done = steps.filter(({ status }) => status === 'completed').map(({ node }) => node);
        expect((await read()).status).toBe('completed');
        expect(new Set(steps.map(({ node }) => node)).size).toBe(steps.length);
        if (walk.ended.length === 0) expect(done.toSorted()).toEqual([...walk.done].toSorted());
        else expect(new Set([...walk.done, ...done])).toEqual(walk.done);
        expect(new Set(sent).size).toBe(sent.length);
      }),
      { numRuns: 300 },
    );
    expect(several).toBeGreaterThan(100);
  });
});

/** Somebody stops the execution, of which the engine hears later, and more than once. */
async function stop(ctx: EngineContext, instance: Instance): Promise<void> {
  const { journey, version, epoch } = instance;
  const machine = { tenant, journey, version };
  const words = { error: 'Stopped', cause: 'by hand' };
  await ctx.executions.stop({ machine, name: executionName(instance), ...words });
  for (let time = 0; time < 2; time++) {
    await reconcile(ctx, { tenant, instance: instance.id, epoch });
  }
}

/** As the rules walk on when nobody ends the execution. */
function finalWalk(walker: Walker): Walk {
  let walk = walker.enter(start);
  for (;;) {
    const due = Math.min(...walk.tokens.map(({ until = Infinity }) => until));
    if (walk.ended.length > 0 || due === Infinity) return walk;
    walk = walker.moveTo(walk, due);
  }
}
