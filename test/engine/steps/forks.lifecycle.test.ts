import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { drawGraph } from '../../support/graphs.ts';
import { enrolled, entry, exit, mail, openKit } from '../../support/kit.ts';

const tag = ['add_tag', { tag: 't' }] as const;
const day = ['wait', { duration: '1d' }] as const;
const waitFor = (eventType: string) =>
  ['wait_for_event', { event_type: eventType, timeout: '30d' }] as const;

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };

async function stepsOf(kit: Testkit, instance: string): Promise<readonly string[]> {
  const steps = await kit.steps(instance);
  return steps.map(({ node, status }) => `${node} ${status}`).toSorted();
}

const twoWaits = {
  nodes: { in: entry, a: waitFor('paid'), b: waitFor('paid'), ta: tag, tb: tag, out: exit },
  edges: [
    'in -> a',
    'in -> b',
    'a -> ta [event_received]',
    'a -> out [timed_out]',
    'b -> tb [event_received]',
    'b -> out [timed_out]',
    'ta -> out',
    'tb -> out',
  ],
} as const;

describe('a customer in several places', () => {
  it('is cancelled in all of them', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, twoWaits.nodes, twoWaits.edges);
    await kit.cancel(id);
    await kit.settle();
    expect(await kit.instance(id)).toMatchObject({ status: 'exited', positions: [] });
    expect(await stepsOf(kit, id)).toEqual(['a cancelled', 'b cancelled', 'in completed']);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('is paused in all of them; one event is held for both waits, and ends both on resume', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, twoWaits.nodes, twoWaits.edges);
    await kit.pause(id);
    const paid = { tenant: 'T1', customer: 'c1', type: 'paid', id: 'e1' };
    expect(await kit.event(paid)).toEqual({ routed: 2, enrolled: [] });
    await kit.advance('2d');
    expect(await kit.instance(id)).toMatchObject({ status: 'paused', positions: ['a', 'b'] });
    await kit.resume(id);
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await stepsOf(kit, id)).toEqual([
      'a completed',
      'b completed',
      'in completed',
      'out completed',
      'ta completed',
      'tb completed',
    ]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('stays before the next node of each branch while paused, and goes on in each', async () => {
    const kit = await openKit();
    const nodes = { in: entry, a: day, b: day, ta: tag, tb: mail, join: mail, out: exit };
    const id = await enrolled(kit, nodes, [
      'in -> a',
      'in -> b',
      'a -> ta',
      'b -> tb',
      'ta -> join',
      'tb -> join',
      'join -> out',
    ]);
    await kit.pause(id);
    await kit.advance('3d');
    expect(await stepsOf(kit, id)).toEqual(['a waiting', 'b waiting', 'in completed']);
    expect(kit.sends()).toEqual([]);
    await kit.kill();
    await kit.restart();
    await kit.resume(id);
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends().map(({ node }) => node)).toEqual(['tb', 'join']);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('is taken out of all of them by exit criteria', async () => {
    const kit = await openKit();
    const graph = {
      ...drawGraph(twoWaits.nodes, twoWaits.edges),
      exit_criteria: [{ event_type: 'unsubscribed' }],
    };
    await kit.publish({ tenant: 'T1', journey: 'J', graph });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await kit.settle();
    await kit.event({ tenant: 'T1', customer: 'c1', type: 'unsubscribed' });
    await kit.settle();
    expect(await kit.instance(instance)).toMatchObject({ status: 'exited', positions: [] });
    expect(await stepsOf(kit, instance)).toEqual(['a cancelled', 'b cancelled', 'in completed']);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('goes on in all of them after the process was killed', async () => {
    const kit = await openKit();
    const nodes = { in: entry, a: day, b: waitFor('paid'), join: mail, out: exit };
    const edges = [
      'in -> a',
      'in -> b',
      'a -> join',
      'b -> join [event_received]',
      'b -> out [timed_out]',
      'join -> out',
    ];
    await kit.publish({ tenant: 'T1', journey: 'J', graph: drawGraph(nodes, edges) }).then(
      () => expect.fail('two meetings are not structured'),
      (error: unknown) => expect((error as { code: string }).code).toBe('journey.invalid'),
    );
    const id = await enrolled(kit, nodes, [
      ...edges.slice(0, 4),
      'b -> join [timed_out]',
      'join -> out',
    ]);
    await kit.kill();
    await kit.restart();
    await kit.advance('1d');
    expect(await kit.instance(id)).toMatchObject({ status: 'waiting', positions: ['b', 'join'] });
    await kit.kill();
    await kit.restart();
    expect(await kit.event({ tenant: 'T1', customer: 'c1', type: 'paid' })).toMatchObject({
      routed: 1,
    });
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends()).toHaveLength(1);
  });

  it('waits for more than one execution can live, in each branch until its own deadline', async () => {
    const kit = await openKit();
    const nodes = {
      in: entry,
      a: ['wait', { duration: '400d' }],
      b: ['wait', { duration: '350d' }],
      ta: tag,
      join: mail,
    } as const;
    const id = await enrolled(kit, nodes, [
      'in -> a',
      'in -> b',
      'a -> ta',
      'ta -> join',
      'b -> join',
    ]);
    await kit.advance('349d');
    expect(await kit.instance(id)).toMatchObject({
      status: 'waiting',
      positions: ['a', 'b'],
      deadlines: { a: '2027-02-05T00:00:00.000Z', b: '2026-12-17T00:00:00.000Z' },
    });
    expect((await kit.instance(id)).epoch).toBeGreaterThan(1);
    await kit.advance('1d');
    expect((await kit.instance(id)).positions).toEqual(['a', 'join']);
    await kit.advance('50d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await stepsOf(kit, id)).toEqual([
      'a completed',
      'b completed',
      'in completed',
      'join completed',
      'ta completed',
    ]);
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('an end that cuts off a sibling', () => {
  const nodes = { in: entry, a: day, out: exit, m: mail, after: tag } as const;
  const edges = ['in -> a', 'a -> out', 'in -> m', 'm -> after'];

  it('calls off a message that the provider has not taken yet', async () => {
    const kit = await openKit();
    kit.channel('email').next('transient', 1_000);
    const id = await enrolled(kit, { ...nodes, a: ['wait', { duration: '2s' }] }, edges);
    await kit.advance('10s');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await stepsOf(kit, id)).toEqual([
      'a completed',
      'in completed',
      'm cancelled',
      'out completed',
    ]);
    await kit.advance('1d');
    expect(kit.sends()).toEqual([]);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel: 'email', status: 'skipped' }]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('counts a message that is being sent as handed over', async () => {
    const kit = await openKit();
    kit.channel('email').next('hang');
    const id = await enrolled(kit, { ...nodes, a: ['wait', { duration: '2s' }] }, edges);
    await kit.advance('2s');
    expect((await kit.instance(id)).status).toBe('completed');
    await kit.advance('1h');
    expect(await stepsOf(kit, id)).toEqual([
      'a completed',
      'in completed',
      'm completed',
      'out completed',
    ]);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel: 'email', status: 'unknown' }]);
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('a wide fork', () => {
  it('runs a hundred branches that all move the same customer', async () => {
    const kit = await openKit();
    const names = Array.from({ length: 100 }, (_, at) => `t${at}`);
    const tags = Object.fromEntries(
      names.map((name) => [name, ['add_tag', { tag: name }] as const]),
    );
    const id = await enrolled(kit, { in: entry, ...tags, join: mail, out: exit }, [
      ...names.flatMap((name) => [`in -> ${name}`, `${name} -> join`]),
      'join -> out',
    ]);
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.steps(id)).toHaveLength(103);
    expect((await kit.profile({ tenant: 'T1', id: 'c1' })).tags).toHaveLength(100);
    expect(kit.sends()).toHaveLength(1);
  });

  it('ends with forty waits at once', async () => {
    const kit = await openKit();
    const names = Array.from({ length: 39 }, (_, at) => `w${at}`);
    const waits = Object.fromEntries(names.map((name) => [name, waitFor('paid')] as const));
    const id = await enrolled(kit, { in: entry, ...waits, end: day, out: exit, t: tag }, [
      'in -> end',
      'end -> out',
      ...names.flatMap((name) => [
        `in -> ${name}`,
        `${name} -> t [event_received]`,
        `${name} -> t [timed_out]`,
      ]),
    ]);
    expect((await kit.instance(id)).positions).toHaveLength(40);
    await kit.advance('1d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect((await stepsOf(kit, id)).filter((step) => step.endsWith('cancelled'))).toHaveLength(39);
    expect(await kit.leftovers()).toEqual(nothing);
  });
});
