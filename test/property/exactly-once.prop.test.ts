import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { killPointNames } from '../../lib/testkit/kill-points.ts';
import { createTestkit } from '../../lib/testkit/testkit.ts';
import type { ScriptedAnswer } from '../../lib/testkit/testkit-interface.ts';
import { validGraph } from '../support/graphs-arbitrary.ts';
import type { DrawnJson } from '../support/graphs.ts';
import { messageNodes, reachableCustomer } from '../support/message-nodes.ts';
import { countScenario } from '../support/scenario-count.ts';
import { survive } from '../support/survive.ts';

const answer = fc.constantFrom<ScriptedAnswer>(
  'accept',
  'refuse',
  'transient',
  'hang',
  'accept_then_lose_answer',
);

const channel = fc.constantFrom(...messageNodes.map(([, name]) => name));

/** The points around a message are tried most: that is where a second one could come from. */
const point = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'send.claim:before',
      'send.claim:after',
      'provider.call:before',
      'provider.call:after',
      'step.finish:before',
      'step.finish:after',
      'execution.keep:before',
      'execution.keep:after',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...killPointNames) },
);

/** The journey with a message between each entry and what follows it: the types take turns, beginning anywhere. */
function greeting({ nodes, edges }: DrawnJson, first: number): DrawnJson {
  const entries = new Set(nodes.filter(({ type }) => type.endsWith('_entry')).map(({ id }) => id));
  const mailAfter = (entry: string): string => `greet-${[...entries].indexOf(entry)}`;
  return {
    nodes: [
      ...nodes,
      ...[...entries].map((entry, at) => {
        const [type = '', , config = {}] = messageNodes[(first + at) % messageNodes.length] ?? [];
        return { id: mailAfter(entry), type, config };
      }),
    ],
    edges: [
      ...[...entries].map((entry) => ({ source: entry, target: mailAfter(entry) })),
      ...edges.map((edge) =>
        entries.has(edge.source) ? { ...edge, source: mailAfter(edge.source) } : edge,
      ),
    ],
  };
}

describe('sends', () => {
  it('for every journey, crash and provider: no message is handed over twice (property 12)', async () => {
    let deaths = 0;
    let interrupted = 0;
    const channels = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          graph: fc.tuple(validGraph(), fc.nat(4)).map(([drawn, first]) => greeting(drawn, first)),
          kills: fc.array(fc.record({ point, nth: fc.integer({ min: 1, max: 3 }) }), {
            minLength: 1,
            maxLength: 3,
          }),
          answers: fc.array(fc.record({ channel, answer }), { maxLength: 8 }),
          seed: fc.nat(1_000_000),
        }),
        async (scenario) => {
          countScenario('12 no duplicate sends', scenario);
          const { graph, kills, answers, seed } = scenario;
          const kit = await createTestkit({ seed });
          try {
            const tenant = 'T1';
            await kit.segment({ tenant, id: 'vip', rule: { field: 'customer.id', value: 'c1' } });
            await kit.publish({ tenant, journey: 'J', graph });
            await kit.customer(reachableCustomer);
            for (const one of answers) kit.channel(one.channel).next(one.answer);
            for (const kill of kills) kit.killAt(kill.point, kill.nth);
            deaths += await survive(kit, () =>
              kit.enroll({ tenant, journey: 'J', customer: 'c1' }),
            );
            deaths += await survive(kit, () => kit.settle());
            // Longer than any wait, again and again: a journey of twenty nodes can wait twenty times.
            for (let time = 0; time < 25; time++) {
              deaths += await survive(kit, () => kit.advance('1825d'));
            }

            const keys = kit.sends().map(({ key }) => key);
            expect(new Set(keys).size).toBe(keys.length);
            for (const send of kit.sends()) channels.add(send.channel);
            for (const instance of await kit.instances({ tenant })) {
              const sent = await kit.deliveries(instance);
              interrupted += sent.filter(({ status: one }) => one === 'unknown').length;
              const { status } = await kit.instance(instance);
              expect(['completed', 'failed']).toContain(status);
              const nodes = (await kit.steps(instance)).map(({ node }) => node);
              expect(new Set(nodes).size).toBe(nodes.length);
            }
            expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
          } finally {
            await kit.close();
          }
        },
      ),
      { numRuns: 150 },
    );
    // The faults did happen: processes died, and some of them in the middle of a message.
    expect(deaths).toBeGreaterThan(50);
    expect(interrupted).toBeGreaterThan(10);
    expect(channels).toEqual(new Set(['email', 'sms', 'push', 'whatsapp', 'in_app', 'webhook']));
  });
});
