import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../../lib/testkit/testkit.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry, exit, openKit } from '../../support/kit.ts';
import { messageNodes, reachableCustomer } from '../../support/message-nodes.ts';

const points = ['send.claim', 'provider.call', 'send.release', 'step.finish'].flatMap((name) => [
  `${name}:before`,
  `${name}:after`,
]);

/** How often the provider had the message, and what is known of it, after a death at the nth time of this point. */
async function walk(
  [type, channel, config]: (typeof messageNodes)[number],
  { point, nth, answers }: { point: string; nth: number; answers: readonly ScriptedAnswer[] },
): Promise<{ died: boolean; had: number; delivery: string; status: string; steps: string[] }> {
  const kit = await openKit();
  const graph = drawGraph({ in: entry, m: [type, config], out: exit }, ['in -> m', 'm -> out']);
  await kit.publish({ tenant: 'T1', journey: 'J', graph });
  await kit.customer(reachableCustomer);
  for (const answer of answers) kit.channel(channel).next(answer);
  kit.killAt(point, nth);
  let died = false;
  try {
    await kit.event({ tenant: 'T1', customer: 'c1', type: 'go', id: 'e1' });
    await kit.settle();
    await kit.advance('1h');
  } catch (error) {
    if ((error as { code?: string }).code !== 'testkit.killed') throw error;
    died = true;
    await kit.restart();
  }
  await kit.advance('1h');
  const [id = ''] = await kit.instances({ tenant: 'T1' });
  expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  return {
    died,
    had: kit.sends().length,
    delivery: (await kit.deliveries(id))[0]?.status ?? 'none',
    status: (await kit.instance(id)).status,
    steps: (await kit.steps(id)).map(({ node }) => node),
  };
}

describe.each(messageNodes)('%s, when the process dies', (...node) => {
  it.each(points)('at %s, has handed its message over at most once', async (point) => {
    let deaths = 0;
    for (const answers of [[], ['transient'], ['transient', 'accept_then_lose_answer']] as const) {
      for (const nth of [1, 2]) {
        const { died, had, delivery, ...rest } = await walk(node, { point, nth, answers });
        const what = `${point}, time ${nth}, ${answers.join(' ')}`;
        expect(rest, what).toEqual({ status: 'completed', steps: ['in', 'm', 'out'] });
        expect(had, what).toBeLessThanOrEqual(1);
        expect(['sent', 'unknown'], what).toContain(delivery);
        if (delivery === 'sent') expect(had, what).toBe(1);
        if (died) deaths += 1;
      }
    }
    // The fault did happen.
    expect(deaths).toBeGreaterThan(0);
  });
});
