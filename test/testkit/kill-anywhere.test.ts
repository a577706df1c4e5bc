import { describe, expect, it } from 'vitest';
import { createTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import { killPointNames } from '../../lib/testkit/kill-points.ts';
import { simpleEmailJourney } from '../support/graphs.ts';

/** Repeats a call that died with the process, as a caller who had no answer does. */
async function insist<Answer>(kit: Testkit, call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as { code?: string }).code !== 'testkit.killed') throw error;
      await kit.restart();
    }
  }
}

/** What was done before the process died is refused when it is asked again. */
function unlessDone(error: unknown): void {
  if ((error as { code?: string }).code !== 'instance.invalid_transition') throw error;
}

interface Outcome {
  readonly died: boolean;
  readonly statuses: readonly string[];
  readonly steps: readonly string[];
  readonly sends: readonly string[];
  readonly deliveries: readonly string[];
  readonly conversions: number;
  readonly leftovers: unknown;
}

/** One customer's way through the welcome journey, with a death at the nth time a point is reached. */
async function walk(
  point: string,
  nth: number,
  ends: 'event' | 'held' | 'timeout',
): Promise<Outcome> {
  const kit = await createTestkit();
  let died = false;
  const restart = kit.restart.bind(kit);
  kit.restart = async () => {
    died = true;
    await restart();
  };
  try {
    kit.killAt(point, nth);
    const tenant = 'T1';
    const customer = 'c1';
    await insist(kit, () => kit.customer({ tenant, id: customer, email: 'c1@example.com' }));
    await insist(kit, () => kit.publish({ tenant, journey: 'J', graph: simpleEmailJourney() }));
    await insist(kit, () => kit.event({ tenant, customer, type: 'signed_up', id: 'e1' }));
    await insist(kit, () => kit.settle());
    if (ends === 'held') {
      const [id = ''] = await kit.instances({ tenant });
      await insist(kit, () => kit.pause(id).catch(unlessDone));
      await insist(kit, () => kit.event({ tenant, customer, type: 'email_opened', id: 'e2' }));
      // The deadline passes during the pause, so that the execution comes to the gate.
      await insist(kit, () => kit.advance('4d'));
      expect((await kit.instance(id)).status).toBe('paused');
      await insist(kit, () => kit.resume(id).catch(unlessDone));
    }
    if (ends === 'event') {
      await insist(kit, () => kit.event({ tenant, customer, type: 'email_opened', id: 'e2' }));
    }
    await insist(kit, () => kit.advance('4d'));
    await insist(kit, () => kit.advance('1d'));
    const ids = await kit.instances({ tenant });
    const [id = ''] = ids;
    return {
      died,
      statuses: await Promise.all(ids.map(async (one) => (await kit.instance(one)).status)),
      steps: (await kit.steps(id)).map((step) => step.node),
      sends: kit.sends().map((send) => send.key.split('/').at(-1) ?? ''),
      deliveries: (await kit.deliveries(id)).map(({ node, status }) => `${node} ${status}`),
      conversions: (await kit.conversions({ tenant })).length,
      leftovers: await kit.leftovers(),
    };
  } finally {
    await kit.close();
  }
}

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };
/** Which deaths leave it open whether the message left: the claim stands, and nobody recorded the answer. */
const undecided = (outcome: Outcome): boolean =>
  outcome.deliveries.some((delivery) => delivery.endsWith('unknown'));

describe('a process that dies at any named point', () => {
  const reached = new Set<string>();

  it.each(killPointNames)('%s: an event still leads to the goal, once', async (point) => {
    for (const nth of [1, 2, 3, 4]) {
      const outcome = await walk(point, nth, 'event');
      if (outcome.died) reached.add(point);
      expect(outcome, `${point}, time ${nth}`).toMatchObject({
        statuses: ['completed'],
        steps: ['entry_1', 'email_1', 'wait_1', 'goal_1'],
        conversions: 1,
        leftovers: nothing,
      });
      expect(outcome.sends.length, `${point}, time ${nth}`).toBeLessThanOrEqual(1);
      if (!undecided(outcome)) expect(outcome.sends).toEqual(['email_1']);
      if (!outcome.died) break;
    }
  });

  it.each(killPointNames)('%s: a timeout still leads to the reminder, once', async (point) => {
    for (const nth of [1, 2, 3, 4]) {
      const outcome = await walk(point, nth, 'timeout');
      if (outcome.died) reached.add(point);
      expect(outcome, `${point}, time ${nth}`).toMatchObject({
        statuses: ['completed'],
        steps: ['entry_1', 'email_1', 'wait_1', 'email_2', 'exit_1'],
        conversions: 0,
        leftovers: nothing,
      });
      expect(new Set(outcome.sends).size, `${point}, time ${nth}`).toBe(outcome.sends.length);
      if (!undecided(outcome)) expect(outcome.sends).toEqual(['email_1', 'email_2']);
      if (!outcome.died) break;
    }
  });

  it.each(killPointNames)(
    '%s: an event that a pause holds still leads to the goal',
    async (point) => {
      for (const nth of [1, 2, 3]) {
        const outcome = await walk(point, nth, 'held');
        if (outcome.died) reached.add(point);
        expect(outcome, `${point}, time ${nth}`).toMatchObject({
          statuses: ['completed'],
          steps: ['entry_1', 'email_1', 'wait_1', 'goal_1'],
          conversions: 1,
          leftovers: nothing,
        });
        if (!outcome.died) break;
      }
    },
  );

  it('the points on this way really were reached', () => {
    expect([...reached].toSorted()).toEqual(
      [
        'event.claim',
        'event.hold',
        'execution.keep',
        'execution.start',
        'gate.park',
        'instance.end',
        'instance.enrol',
        'instance.pause',
        'instance.resume',
        'journey.publish',
        'profile.save',
        'provider.call',
        'send.claim',
        'step.finish',
        'wait.register',
      ]
        .flatMap((name) => [`${name}:after`, `${name}:before`])
        .toSorted(),
    );
  });
});
