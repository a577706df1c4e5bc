import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { apiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry, exit, mail, openKit } from '../../support/kit.ts';

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };
const opened = ['wait_for_event', { event_type: 'opened', timeout: '3d' }] as const;
const nodes = { in: entry, first: mail, w: opened, second: mail, out: exit } as const;
const edges = [
  'in -> first',
  'first -> w',
  'w -> second [opened]',
  'w -> second [timed_out]',
  'second -> out',
].map((edge) => edge.replace('[opened]', '[event_received]'));
const isPro = { field: 'customer.properties.plan', value: 'pro' };
const out = { status: 'exited', exitReason: 'exit_criteria', positions: [], deadlines: {} };

/** Publishes J with these criteria and enrols c1, who then waits at `w`. */
async function waiting(kit: Testkit, exitCriteria: unknown, journey = 'J'): Promise<string> {
  await kit.publish({
    tenant: 'T1',
    journey,
    graph: { ...drawGraph(nodes, edges), exit_criteria: exitCriteria },
  });
  await kit.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
  const { instance } = await kit.enroll({ tenant: 'T1', journey, customer: 'c1' });
  await kit.settle();
  return instance;
}

const nodesOf = async (kit: Testkit, id: string): Promise<unknown[]> =>
  (await kit.steps(id)).map(({ node, status }) => [node, status]);

describe('an event that is an exit criterion', () => {
  it('takes a waiting customer out at once, and counts as routed', async () => {
    const kit = await openKit();
    const id = await waiting(kit, { event_type: 'bought', filter: { 'order.total': 5 } });
    const buy = (total: number) =>
      kit.event({ tenant: 'T1', customer: 'c1', type: 'bought', data: { order: { total } } });
    expect(await buy(4)).toEqual({ routed: 0, enrolled: [] });
    expect((await kit.instance(id)).status).toBe('waiting');
    expect(await buy(5)).toEqual({ routed: 1, enrolled: [] });
    expect(await kit.instance(id)).toMatchObject(out);
    expect(await nodesOf(kit, id)).toEqual([
      ['in', 'completed'],
      ['first', 'completed'],
      ['w', 'cancelled'],
    ]);
    expect(await buy(5)).toEqual({ routed: 0, enrolled: [] });
    await kit.advance('10d');
    expect(kit.sends()).toHaveLength(1);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('wins over a wait for the same event', async () => {
    const kit = await openKit();
    const id = await waiting(kit, [{ event_type: 'opened' }]);
    const event = { tenant: 'T1', customer: 'c1', type: 'opened', id: 'e1' };
    expect(await kit.event(event)).toEqual({ routed: 1, enrolled: [] });
    expect(await kit.event(event)).toEqual({ routed: 0, enrolled: [] });
    await kit.settle();
    expect(await kit.instance(id)).toMatchObject(out);
    expect(kit.sends()).toHaveLength(1);
  });

  it('leaves the wait to an event that the filter of the criterion refuses', async () => {
    const kit = await openKit();
    const id = await waiting(kit, { event_type: 'opened', filter: { by: 'robot' } });
    expect(await kit.event({ tenant: 'T1', customer: 'c1', type: 'opened' })).toMatchObject({
      routed: 1,
    });
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('takes a paused customer out, and whoever has not started', async () => {
    const kit = await openKit();
    const paused = await waiting(kit, { event_type: 'bought' });
    await kit.pause(paused);
    const fresh = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c2' });
    for (const customer of ['c1', 'c2']) {
      expect(await kit.event({ tenant: 'T1', customer, type: 'bought' })).toMatchObject({
        routed: 1,
      });
    }
    await kit.advance('10d');
    expect(await kit.instance(paused)).toMatchObject(out);
    expect(await kit.instance(fresh.instance)).toMatchObject(out);
    expect(await kit.steps(fresh.instance)).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('of another customer or another tenant changes nothing', async () => {
    const kit = await openKit();
    const id = await waiting(kit, { event_type: 'bought' });
    for (const of of [
      { tenant: 'T1', customer: 'c2' },
      { tenant: 'T2', customer: 'c1' },
    ]) {
      expect(await kit.event({ ...of, type: 'bought' })).toMatchObject({ routed: 0 });
    }
    expect((await kit.instance(id)).status).toBe('waiting');
  });

  it('is not looked for any more when the instance has ended', async () => {
    const kit = await openKit();
    const id = await waiting(kit, { event_type: 'bought' });
    await kit.advance('3d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.event({ tenant: 'T1', customer: 'c1', type: 'bought' })).toMatchObject({
      routed: 0,
    });
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('a fact that is an exit criterion', () => {
  it('keeps a customer who already matches from receiving anything', async () => {
    const kit = await openKit();
    await kit.customer({ tenant: 'T1', id: 'c1', properties: { plan: 'pro' } });
    const id = await waiting(kit, isPro);
    expect(await kit.instance(id)).toMatchObject(out);
    expect(await kit.steps(id)).toEqual([]);
    expect(kit.sends()).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('takes a sleeping or paused customer out when the profile is saved', async () => {
    const kit = await openKit();
    const asleep = await waiting(kit, [isPro], 'J');
    const paused = await waiting(kit, { any: [isPro] }, 'K');
    const other = await waiting(kit, { field: 'customer.tags', op: 'contains', value: 'x' }, 'L');
    await kit.pause(paused);
    await kit.customer({ tenant: 'T1', id: 'c1', properties: { plan: 'free' } });
    expect((await kit.instance(asleep)).status).toBe('waiting');
    await kit.customer({ tenant: 'T1', id: 'c1', properties: { plan: 'pro' } });
    expect(await kit.instance(asleep)).toMatchObject(out);
    expect(await kit.instance(paused)).toMatchObject(out);
    expect((await kit.instance(other)).status).toBe('waiting');
    await kit.settle();
    expect(kit.sends()).toHaveLength(3);
  });

  it('takes a sleeping customer out when another journey changes the profile', async () => {
    const kit = await openKit();
    const asleep = await waiting(kit, isPro);
    const tagged = await waiting(
      kit,
      { field: 'customer.tags', op: 'contains', value: 'done' },
      'K',
    );
    await kit.publish({
      tenant: 'T1',
      journey: 'Changing',
      graph: drawGraph(
        {
          in: entry,
          plan: ['update_profile', { fields: { 'properties.plan': 'pro' } }],
          tag: ['add_tag', { tag: 'done' }],
          out: exit,
        },
        ['in -> plan', 'plan -> tag', 'tag -> out'],
      ),
    });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'Changing', customer: 'c1' });
    await kit.settle();
    expect((await kit.instance(instance)).status).toBe('completed');
    expect(await kit.instance(asleep)).toMatchObject(out);
    expect(await kit.instance(tagged)).toMatchObject(out);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('is looked at before the next node, also when the journey itself makes it true', async () => {
    const kit = await openKit();
    await kit.publish({
      tenant: 'T1',
      journey: 'J',
      graph: {
        ...drawGraph(
          {
            in: entry,
            plan: ['update_profile', { fields: { 'properties.plan': 'pro' } }],
            m: mail,
            out: exit,
          },
          ['in -> plan', 'plan -> m', 'm -> out'],
        ),
        exit_criteria: [isPro],
      },
    });
    await kit.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await kit.settle();
    expect(await kit.instance(instance)).toMatchObject(out);
    expect(await nodesOf(kit, instance)).toEqual([
      ['in', 'completed'],
      ['plan', 'completed'],
    ]);
    expect(kit.sends()).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('may be a result of the journey, looked at after the wait', async () => {
    const kit = await openKit();
    const id = await waiting(kit, { field: 'accumulated.w.branch', value: 'timed_out' });
    await kit.advance('3d');
    expect(await kit.instance(id)).toMatchObject(out);
    expect(await nodesOf(kit, id)).toEqual([
      ['in', 'completed'],
      ['first', 'completed'],
      ['w', 'completed'],
    ]);
    expect(kit.sends()).toHaveLength(1);
  });

  it.each(['profile.save:after', 'instance.exit:before', 'instance.exit:after'])(
    'takes the customer out although the process dies at %s',
    async (point) => {
      const kit = await openKit();
      const id = await waiting(kit, isPro);
      kit.killAt(point);
      await expect(
        kit.customer({ tenant: 'T1', id: 'c1', properties: { plan: 'pro' } }),
      ).rejects.toMatchObject({ code: 'testkit.killed' });
      await kit.restart();
      expect(await kit.instance(id)).toMatchObject(out);
      await kit.settle();
      expect(await kit.leftovers()).toEqual(nothing);
    },
  );

  it('that does not hold leaves no promise behind: a restart starts nothing again', async () => {
    const kit = await openKit();
    const id = await waiting(kit, isPro);
    kit.killAt('profile.save:after');
    await expect(
      kit.customer({ tenant: 'T1', id: 'c1', properties: { plan: 'free' } }),
    ).rejects.toMatchObject({ code: 'testkit.killed' });
    await kit.restart();
    const before = await kit.instance(id);
    await kit.restart();
    expect(await kit.instance(id)).toEqual(before);
    await kit.advance('3d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('the price of exit criteria', () => {
  it('is paid only by journeys that have some: one row for each type of event, one for the profile', async () => {
    const h = await apiHarness();
    const writesOf = async (journey: string, criteria: object): Promise<number | undefined> => {
      const graph = { ...drawGraph(nodes, edges), ...criteria };
      await h.call('POST', `/v1/journeys/${journey}/publish`, { graph });
      h.table.groups.length = 0;
      await h.call('POST', `/v1/journeys/${journey}/instances`, { customer_id: 'c1' });
      return h.table.groups.find(({ name }) => name === 'instance.enrol')?.writes.length;
    };
    const plain = (await writesOf('plain', {})) ?? 0;
    expect(plain).toBe(3);
    expect(await writesOf('empty', { exit_criteria: [] })).toBe(plain);
    expect(
      await writesOf('some', {
        exit_criteria: [
          { event_type: 'bought' },
          { event_type: 'bought', filter: { total: 5 } },
          { event_type: 'left' },
          isPro,
          { field: 'event.test', value: true },
        ],
      }),
    ).toBe(plain + 3);
  });
});
