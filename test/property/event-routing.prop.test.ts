import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import { countScenario } from '../support/scenario-count.ts';

const eventTypes = ['opened', 'clicked', 'bought #1'] as const;
const customers = ['c1', 'c2', 'c#1', '日本'] as const;

/** One journey per event type: entry, wait for that type, goal or exit. */
function waitingFor(type: string): object {
  return {
    nodes: [
      { id: 'in', type: 'event_entry', config: { event_type: `start ${type}` } },
      { id: 'wait', type: 'wait_for_event', config: { event_type: type, timeout: '30d' } },
      { id: 'goal', type: 'goal_reached', config: { goal_name: 'met' } },
      { id: 'out', type: 'exit' },
    ],
    edges: [
      { source: 'in', target: 'wait' },
      { source: 'wait', target: 'goal', branch: 'event_received' },
      { source: 'wait', target: 'out', branch: 'timed_out' },
    ],
  };
}

type Command =
  | { readonly do: 'enrol' | 'cancel' | 'event'; readonly customer: string; readonly type: string }
  | { readonly do: 'restart' }
  | { readonly do: 'advance' };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom('enrol' as const, 'cancel' as const, 'event' as const),
      customer: fc.constantFrom(...customers),
      type: fc.constantFrom(...eventTypes),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'advance' as const }) },
);

/** Plays the commands on the kit and on a model that only knows who waits for what. */
async function play(kit: Testkit, tenant: string, commands: readonly Command[]): Promise<void> {
  const waiting = new Map<string, string>();
  const keyOf = (customer: string, type: string): string => JSON.stringify([customer, type]);
  for (const type of eventTypes)
    await kit.publish({ tenant, journey: type, graph: waitingFor(type) });
  for (const step of commands) {
    switch (step.do) {
      case 'restart':
        await kit.restart();
        break;
      case 'advance':
        await kit.advance('1h');
        break;
      case 'enrol': {
        const key = keyOf(step.customer, step.type);
        const enrolment = kit.enroll({ tenant, journey: step.type, customer: step.customer });
        if (waiting.has(key)) {
          await expect(enrolment).rejects.toMatchObject({ code: 'instance.already_in_journey' });
        } else {
          waiting.set(key, (await enrolment).instance);
        }
        await kit.settle();
        break;
      }
      case 'cancel': {
        const key = keyOf(step.customer, step.type);
        const instance = waiting.get(key);
        if (instance !== undefined) await kit.cancel(instance);
        waiting.delete(key);
        break;
      }
      case 'event': {
        const key = keyOf(step.customer, step.type);
        const { routed } = await kit.event({ tenant, customer: step.customer, type: step.type });
        expect(routed).toBe(waiting.has(key) ? 1 : 0);
        const instance = waiting.get(key);
        waiting.delete(key);
        await kit.settle();
        if (instance !== undefined) {
          expect((await kit.instance(instance)).status).toBe('completed');
          expect((await kit.steps(instance)).map(({ node }) => node)).toEqual([
            'in',
            'wait',
            'goal',
          ]);
        }
        break;
      }
    }
  }
  for (const instance of waiting.values()) {
    expect((await kit.instance(instance)).status).toBe('waiting');
  }
  expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
}

describe('event routing', () => {
  it('for every history: an event wakes exactly the waits that are registered for it (properties 7, 8)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 3, maxLength: 14 }),
        fc.nat(1_000_000),
        async (commands, seed) => {
          countScenario('7 8 routing', { commands, seed });
          const kit = await createTestkit({ seed });
          try {
            await play(kit, 'T1', commands);
          } finally {
            await kit.close();
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('for every burst of events, repeated and reordered: each wait is met once and none is lost (property 15)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          enrolled: fc.uniqueArray(fc.constantFrom(...customers), { minLength: 1 }),
          burst: fc.array(
            fc.record({
              customer: fc.constantFrom(...customers),
              id: fc.integer({ min: 0, max: 5 }),
            }),
            { minLength: 1, maxLength: 25 },
          ),
          seed: fc.nat(1_000_000),
        }),
        async (scenario) => {
          countScenario('15 concurrent dispatch', scenario);
          const { enrolled, burst, seed } = scenario;
          const kit = await createTestkit({ seed });
          try {
            const tenant = 'T1';
            await kit.publish({ tenant, journey: 'J', graph: waitingFor('opened') });
            const instances = new Map<string, string>();
            for (const customer of enrolled) {
              const { instance } = await kit.enroll({ tenant, journey: 'J', customer });
              instances.set(customer, instance);
            }
            await kit.settle();
            const answers = await Promise.all([
              ...burst.map(({ customer, id }) =>
                kit.event({ tenant, customer, type: 'opened', id: `${customer}-${id}` }),
              ),
              kit.settle(),
            ]);
            await kit.settle();
            const met = enrolled.filter((one) => burst.some(({ customer }) => customer === one));
            const routed = answers
              .slice(0, burst.length)
              .reduce((sum, one) => sum + (one as { routed: number }).routed, 0);
            expect(routed).toBe(met.length);
            for (const [customer, instance] of instances) {
              const { status } = await kit.instance(instance);
              expect(status).toBe(
                met.includes(customer as (typeof met)[number]) ? 'completed' : 'waiting',
              );
            }
          } finally {
            await kit.close();
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
