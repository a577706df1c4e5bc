/** Enrolling starts an instance, so it can be paused at once: before, while and after its first node is run. */
import { describe, expect, it } from 'vitest';
import { killPointNames } from '../../lib/testkit/kill-points.ts';
import type { Testkit } from '../../lib/testkit/testkit.ts';
import { simpleEmailJourney } from '../support/graphs.ts';
import { openKit } from '../support/kit.ts';

const tenant = 'T1';
const journey = 'J';
const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };

async function justEnrolled(kit: Testkit): Promise<string> {
  await kit.publish({ tenant, journey, graph: simpleEmailJourney() });
  await kit.customer({ tenant, id: 'c1', email: 'c1@example.com' });
  return (await kit.enroll({ tenant, journey, customer: 'c1' })).instance;
}

async function comesToTheGoal(kit: Testkit, id: string): Promise<void> {
  await kit.settle();
  expect(await kit.instance(id)).toMatchObject({ status: 'waiting', positions: ['wait_1'] });
  await kit.event({ tenant, customer: 'c1', type: 'email_opened' });
  await kit.settle();
  expect((await kit.steps(id)).map(({ node }) => node)).toEqual([
    'entry_1',
    'email_1',
    'wait_1',
    'goal_1',
  ]);
  expect(kit.sends()).toHaveLength(1);
  expect(await kit.leftovers()).toEqual(nothing);
}

describe('an instance that is paused right after it was enrolled', () => {
  it('does not begin until it is resumed', async () => {
    const kit = await openKit();
    const id = await justEnrolled(kit);
    await kit.pause(id);
    await kit.advance('10d');
    expect(await kit.instance(id)).toMatchObject({ status: 'paused', positions: ['entry_1'] });
    expect(await kit.steps(id)).toEqual([]);
    await expect(kit.pause(id)).rejects.toMatchObject({ code: 'instance.invalid_transition' });
    await expect(kit.enroll({ tenant, journey, customer: 'c1' })).rejects.toMatchObject({
      code: 'instance.already_in_journey',
    });
    await kit.resume(id);
    await comesToTheGoal(kit, id);
  });

  it('begins when it is resumed before anything has moved', async () => {
    const kit = await openKit();
    const id = await justEnrolled(kit);
    await kit.pause(id);
    await kit.resume(id);
    await comesToTheGoal(kit, id);
  });

  it('can be taken out', async () => {
    const kit = await openKit();
    const id = await justEnrolled(kit);
    await kit.pause(id);
    await kit.cancel(id);
    await kit.advance('1d');
    expect((await kit.instance(id)).status).toBe('exited');
    expect(await kit.steps(id)).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('is paused for good at whatever moment of its first steps the pause comes', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const kit = await openKit({ seed });
      const id = await justEnrolled(kit);
      await Promise.all([kit.settle(), kit.pause(id)]);
      await kit.settle();
      const steps = await kit.steps(id);
      expect((await kit.instance(id)).status).toBe('paused');
      await kit.advance('1h');
      expect(await kit.steps(id)).toEqual(steps);
      await kit.resume(id);
      await comesToTheGoal(kit, id);
    }
  });

  const points = killPointNames.filter((point) =>
    /^(instance\.(enrol|pause|resume)|execution\.|gate\.|step\.finish|promise\.)/.test(point),
  );

  it.each(points)('survives a death at %s', async (point) => {
    const kit = await openKit();
    await kit.publish({ tenant, journey, graph: simpleEmailJourney() });
    await kit.customer({ tenant, id: 'c1', email: 'c1@example.com' });
    kit.killAt(point);
    const goOn = async (call: () => Promise<unknown>): Promise<void> => {
      for (;;) {
        const code = await call().then(
          () => undefined,
          (error: unknown) => (error as { code: string }).code,
        );
        if (code !== 'testkit.killed') return;
        await kit.restart();
      }
    };
    await goOn(() => kit.enroll({ tenant, journey, customer: 'c1' }));
    const [id = ''] = await kit.instances({ tenant });
    await goOn(() => kit.pause(id));
    await goOn(() => kit.settle());
    expect(await kit.instance(id)).toMatchObject({ status: 'paused', positions: ['entry_1'] });
    await goOn(() => kit.resume(id));
    await goOn(() => kit.settle());
    await goOn(() => kit.advance('1m'));
    await comesToTheGoal(kit, id);
  });
});
