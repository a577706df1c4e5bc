import { describe, expect, it } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { enrolled, entry, exit, openKit } from '../../support/kit.ts';

const waiting = drawGraph(
  {
    in: entry,
    w: ['wait_for_event', { event_type: 'bought', timeout: '3d' }],
    met: ['goal_reached', { goal_name: 'met' }],
    out: exit,
  },
  ['in -> w', 'w -> met [event_received]', 'w -> out [timed_out]'],
);
const onPurchase = drawGraph(
  {
    in: ['event_entry', { event_type: 'bought', filter: { total: { op: 'gte', value: 10 } } }],
    out: exit,
  },
  ['in -> out'],
);

describe('an event', () => {
  it('ends waits of several journeys and enrols into another, waits first', async () => {
    const kit = await openKit();
    for (const journey of ['A', 'B']) {
      await kit.publish({ tenant: 'T1', journey, graph: waiting });
      await kit.enroll({ tenant: 'T1', journey, customer: 'c1' });
    }
    await kit.publish({ tenant: 'T1', journey: 'C', graph: onPurchase });
    await kit.settle();
    const purchase = { tenant: 'T1', customer: 'c1', type: 'bought', id: 'e1' };
    const answer = await kit.event({ ...purchase, data: { total: 20 } });
    expect(answer).toMatchObject({ routed: 2, enrolled: [expect.any(String)] });
    await kit.settle();
    for (const journey of ['A', 'B', 'C']) {
      const [id = ''] = await kit.instances({ tenant: 'T1', journey });
      expect((await kit.instance(id)).status).toBe('completed');
    }
    expect(await kit.event({ ...purchase, data: { total: 20 } })).toEqual({
      routed: 0,
      enrolled: [],
    });
    await kit.settle();
    expect(await kit.instances({ tenant: 'T1', journey: 'C' })).toHaveLength(1);
  });

  it('enrols nobody when its data does not pass the filter of the entry', async () => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'C', graph: onPurchase });
    const answer = await kit.event({
      tenant: 'T1',
      customer: 'c1',
      type: 'bought',
      data: { total: 9 },
    });
    expect(answer).toEqual({ routed: 0, enrolled: [] });
  });

  it('is remembered with its id: a later delivery neither enrols again nor wakes a later wait', async () => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'C', graph: onPurchase });
    const purchase = { tenant: 'T1', customer: 'c1', type: 'bought', data: { total: 20 } };
    expect((await kit.event({ ...purchase, id: 'e1' })).enrolled).toHaveLength(1);
    await kit.settle();
    expect((await kit.event({ ...purchase, id: 'e1' })).enrolled).toEqual([]);
    expect((await kit.event({ ...purchase, id: 'e2' })).enrolled).toHaveLength(1);
  });

  it('that finds the customer in the journey already is passed over in silence', async () => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'A', graph: waiting });
    const go = { tenant: 'T1', customer: 'c1', type: 'go' };
    expect((await kit.event(go)).enrolled).toHaveLength(1);
    await kit.settle();
    expect(await kit.event(go)).toEqual({ routed: 0, enrolled: [] });
    expect(await kit.instances({ tenant: 'T1' })).toHaveLength(1);
  });

  it('carries its data into the journey', async () => {
    const kit = await openKit();
    await enrolled(
      kit,
      {
        in: entry,
        c: ['condition', { field: 'event.plan', op: 'eq', value: 'pro' }],
        yes: ['update_profile', { fields: { 'properties.plan': '{{ event.plan }}', name: 'Ada' } }],
        no: exit,
      },
      ['in -> c', 'c -> yes [true]', 'c -> no [false]'],
    );
    await kit.event({ tenant: 'T1', customer: 'c2', type: 'go', data: { plan: 'pro' } });
    await kit.settle();
    expect(await kit.profile({ tenant: 'T1', id: 'c2' })).toMatchObject({
      name: 'Ada',
      properties: { plan: 'pro' },
    });
    const [id = ''] = await kit.instances({ tenant: 'T1', customer: 'c2' });
    expect((await kit.steps(id)).map(({ node }) => node)).toEqual(['in', 'c', 'yes']);
    expect((await kit.steps(id))[1]?.notes).toEqual(['event.plan is "pro", so true']);
  });

  it('of a published new version enrols on the new version only', async () => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'A', graph: waiting });
    const moved = drawGraph({ first: ['event_entry', { event_type: 'start' }], out: exit }, [
      'first -> out',
    ]);
    expect(await kit.publish({ tenant: 'T1', journey: 'A', graph: moved })).toEqual({
      version: 2,
      warnings: [],
    });
    expect((await kit.event({ tenant: 'T1', customer: 'c1', type: 'go' })).enrolled).toEqual([]);
    const { enrolled: ids } = await kit.event({ tenant: 'T1', customer: 'c1', type: 'start' });
    expect((await kit.instance(ids[0] ?? '')).version).toBe(2);
  });

  it('lets running instances of an older version go on as they were drawn', async () => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'A', graph: waiting });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'A', customer: 'c1' });
    await kit.settle();
    const other = drawGraph({ in: entry, out: exit }, ['in -> out']);
    await kit.publish({ tenant: 'T1', journey: 'A', graph: other });
    await kit.event({ tenant: 'T1', customer: 'c1', type: 'bought' });
    await kit.settle();
    expect(await kit.instance(instance)).toMatchObject({ status: 'completed', version: 1 });
    expect((await kit.steps(instance)).map(({ node }) => node)).toEqual(['in', 'w', 'met']);
  });
});

describe('cancelling', () => {
  it('ends the instance, its waits and its execution, and frees the place', async () => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'A', graph: waiting });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'A', customer: 'c1' });
    await kit.settle();
    await kit.cancel(instance);
    expect(await kit.instance(instance)).toMatchObject({
      status: 'exited',
      exitReason: 'cancelled_by_operator',
      positions: [],
    });
    expect((await kit.steps(instance)).at(-1)).toMatchObject({ node: 'w', status: 'cancelled' });
    expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
    expect((await kit.event({ tenant: 'T1', customer: 'c1', type: 'bought' })).routed).toBe(0);
    await kit.advance('10d');
    expect((await kit.steps(instance)).map(({ node }) => node)).toEqual(['in', 'w']);
    await expect(kit.cancel(instance)).rejects.toMatchObject({
      code: 'instance.invalid_transition',
    });
    await kit.enroll({ tenant: 'T1', journey: 'A', customer: 'c1' });
  });

  it('before the first step lets nothing run', async () => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'A', graph: waiting });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'A', customer: 'c1' });
    await kit.cancel(instance);
    await kit.settle();
    expect(await kit.steps(instance)).toEqual([]);
    expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  });
});

describe('what this release cannot do yet', () => {
  it('is refused by name', async () => {
    const kit = await openKit();
    await expect(kit.migrate({})).rejects.toMatchObject({ code: 'not_supported' });
  });
});
