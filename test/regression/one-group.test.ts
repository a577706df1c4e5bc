/**
 * A group holds a hundred writes. What a valid graph makes the engine write together fits, however wide the graph is: customers can
 * be taken out of all their places at once, and any version can give way to any other.
 */
import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../lib/testkit/testkit.ts';
import { drawGraph, type DrawnJson } from '../support/graphs.ts';
import { openKit } from '../support/kit.ts';

const J = { tenant: 'T1', journey: 'J' };
const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };

type Node = readonly [type: string, config: Record<string, unknown>];

/** All nodes side by side, and every kind of thing that may take the customer out. */
function wide(nodes: readonly Node[]): DrawnJson {
  const byId = nodes.map((node, at) => [`n${at}`, node] as const);
  const edges = byId.flatMap(([id, [type]]) => [
    `in -> ${id}`,
    ...(type === 'wait_for_event'
      ? [`${id} -> out [event_received]`, `${id} -> out [timed_out]`]
      : [`${id} -> out`]),
  ]);
  const drawn = drawGraph(
    { in: ['event_entry', { event_type: 'go' }], ...Object.fromEntries(byId), out: ['exit'] },
    edges,
  );
  const events = Array.from({ length: 9 }, (_, at) => ({ event_type: `leave${at}` }));
  return { ...drawn, exit_criteria: [...events, { field: 'customer.left', value: true }] };
}

async function enter(kit: Testkit, graph: DrawnJson): Promise<string> {
  await kit.publish({ ...J, graph });
  await kit.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
  const { instance } = await kit.enroll({ ...J, customer: 'c1' });
  await kit.settle();
  return instance;
}

describe('a customer in as many places as a graph may have side by side', () => {
  const waits = Array.from({ length: 40 }, (): Node => [
    'wait_for_event',
    { event_type: 'come', timeout: '1d' },
  ]);
  const mails = Array.from({ length: 80 }, (): Node => ['send_email', { subject: 'a', body: 'b' }]);

  it('is taken out of forty waits by an event', async () => {
    const kit = await openKit();
    const instance = await enter(kit, wide(waits));
    expect((await kit.instance(instance)).positions).toHaveLength(40);
    expect(await kit.event({ tenant: 'T1', customer: 'c1', type: 'leave8' })).toMatchObject({
      routed: 1,
    });
    await kit.settle();
    expect((await kit.instance(instance)).status).toBe('exited');
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('leaves forty waits by one event', async () => {
    const kit = await openKit();
    const instance = await enter(kit, wide(waits));
    expect(await kit.event({ tenant: 'T1', customer: 'c1', type: 'come' })).toMatchObject({
      routed: 40,
    });
    await kit.settle();
    expect((await kit.instance(instance)).status).toBe('completed');
  });

  it('is cancelled while eighty messages are tried again', async () => {
    const kit = await openKit();
    kit.channel('email').next('transient', 10_000);
    const instance = await enter(kit, wide(mails));
    await kit.cancel(instance);
    expect((await kit.instance(instance)).status).toBe('exited');
    expect(kit.sends()).toEqual([]);
  });
});

describe('a version with as many ways in as a graph may have', () => {
  const entries = (nodes: readonly Node[]): DrawnJson => {
    const byId = nodes.map((node, at) => [`e${at}`, node] as const);
    return drawGraph(
      { ...Object.fromEntries(byId), out: ['exit', {}] },
      byId.map(([id]) => `${id} -> out`),
    );
  };
  const events = (prefix: string): DrawnJson =>
    entries(
      Array.from({ length: 45 }, (_, at) => ['event_entry', { event_type: `${prefix}${at}` }]),
    );
  const webhooks = (prefix: string): DrawnJson =>
    entries(
      Array.from({ length: 45 }, (_, at) => [
        'webhook_entry',
        { webhook_path: `/${prefix}/${at}` },
      ]),
    );
  const segments = (prefix: string): DrawnJson =>
    entries(
      Array.from({ length: 15 }, (_, at) => [
        'segment_entry',
        { segment_id: `${prefix}${at}`, schedule: '0 9 * * *' },
      ]),
    );

  it('gives way to another one with as many others', async () => {
    const kit = await openKit();
    for (const id of Array.from({ length: 15 }, (_, at) => [`s${at}`, `t${at}`]).flat()) {
      await kit.segment({ tenant: 'T1', id, name: id, rule: { field: 'customer.a', value: 1 } });
    }
    await kit.tenantCaps({ tenant: 'T1', caps: [{ channel: 'email', max: 1, window: '1d' }] });
    const graphs = [
      events('a'),
      events('b'),
      webhooks('a'),
      webhooks('b'),
      segments('s'),
      segments('t'),
    ];
    for (const [at, graph] of graphs.entries()) {
      expect(await kit.publish({ ...J, graph })).toMatchObject({ version: at + 1 });
    }
    expect(await kit.archiveJourney(J)).toEqual({ exited: 0 });
  });
});
