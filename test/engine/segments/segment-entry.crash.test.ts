import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { drawGraph, type DrawnJson } from '../../support/graphs.ts';
import { exit, openKit } from '../../support/kit.ts';

const tenant = 'T1';
const customers = ['c1', 'c2', 'c3'];

function vipJourney(config: Record<string, unknown>): DrawnJson {
  return drawGraph({ in: ['segment_entry', { segment_id: 'vip', ...config }], out: exit }, [
    'in -> out',
  ]);
}

async function kitWithVips(config: Record<string, unknown>): Promise<Testkit> {
  const kit = await openKit();
  const rule = { field: 'customer.properties.spent', op: 'gte', value: 100 };
  await kit.segment({ tenant, id: 'vip', rule });
  for (const journey of ['J', 'K']) {
    await kit.publish({ tenant, journey, graph: vipJourney(config) });
  }
  return kit;
}

/** Repeats a call that died with the process, as a caller who had no answer does. */
async function insist(kit: Testkit, call: () => Promise<unknown>): Promise<boolean> {
  for (let died = false; ; died = true) {
    try {
      await call();
      return died;
    } catch (error) {
      if ((error as { code?: string }).code !== 'testkit.killed') throw error;
      await kit.restart();
    }
  }
}

async function letIn(kit: Testkit, journey: string): Promise<string[]> {
  const ids = await kit.instances({ tenant, journey });
  const found = await Promise.all(ids.map(async (id) => (await kit.instance(id)).customer));
  return found.toSorted();
}

async function expectEverybodyOnce(kit: Testkit, who: readonly string[]): Promise<void> {
  await kit.advance('1m');
  for (const journey of ['J', 'K'])
    expect([journey, await letIn(kit, journey)]).toEqual([journey, who]);
  for (const id of await kit.instances({ tenant })) {
    expect((await kit.instance(id)).status).toBe('completed');
  }
  expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
}

const around = (names: readonly string[], times: readonly number[]): [string, number][] =>
  names
    .flatMap((name) => [`${name}:before`, `${name}:after`])
    .flatMap((point) => times.map((nth): [string, number] => [point, nth]));

describe('a process that dies', () => {
  it.each(
    around(['profile.save', 'instance.enrol', 'execution.start', 'admission.finish'], [1, 2, 3]),
  )('at %s, time %i, while profiles change lets everybody in, once', async (point, nth) => {
    const kit = await kitWithVips({});
    kit.killAt(point, nth);
    let deaths = 0;
    for (const id of customers) {
      const change = { tenant, id, properties: { spent: 100 } };
      if (await insist(kit, () => kit.customer(change))) deaths += 1;
      if (await insist(kit, () => kit.settle())) deaths += 1;
    }
    expect(deaths).toBe(1);
    await expectEverybodyOnce(kit, customers);
  });

  it.each(
    around(
      ['schedule.claim', 'segment.look', 'instance.enrol', 'execution.start', 'admission.finish'],
      [1, 3],
    ),
  )(
    'at %s, time %i, in the middle of a scheduled look lets everybody in, once',
    async (point, nth) => {
      const kit = await kitWithVips({ schedule: '0 9 * * *' });
      const ids = Array.from({ length: 105 }, (_, at) => `c${String(at).padStart(3, '0')}`);
      for (const id of ids) await kit.customer({ tenant, id, properties: { spent: 100 } });
      kit.killAt(point, nth);
      expect(await insist(kit, () => kit.advance('1d'))).toBe(true);
      await expectEverybodyOnce(kit, ids);
      await kit.advance('3d');
      await expectEverybodyOnce(kit, ids);
    },
  );
});

describe('a scheduled time', () => {
  it('that two processes find due at once is looked at once', async () => {
    const kit = await kitWithVips({ schedule: '0 9 * * *' });
    for (const id of customers) await kit.customer({ tenant, id, properties: { spent: 100 } });
    await Promise.all([kit.advance('9h'), kit.advance('9h'), kit.advance('9h')]);
    await expectEverybodyOnce(kit, customers);
  });

  it('and a change of the profile at the same time let a customer in once', async () => {
    const kit = await kitWithVips({ schedule: '0 9 * * *' });
    for (const id of customers) await kit.customer({ tenant, id, properties: { spent: 100 } });
    await Promise.all([
      kit.advance('9h'),
      ...customers.flatMap((id) =>
        [120, 110, 130].map((spent) => kit.customer({ tenant, id, properties: { spent } })),
      ),
    ]);
    await kit.advance('1d');
    await expectEverybodyOnce(kit, customers);
  });
});
