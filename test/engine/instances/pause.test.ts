import { describe, expect, it } from 'vitest';
import { cancel } from '../../../lib/engine/instances/cancel.ts';
import { saveCustomer } from '../../../lib/engine/customers/customers.ts';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { pause } from '../../../lib/engine/instances/pause.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { readTimeline } from '../../../lib/engine/instances/read-steps.ts';
import { resume } from '../../../lib/engine/instances/resume.ts';
import type { Channel } from '../../../lib/ports/channel.ts';
import { configuredChannels } from '../../../lib/ports/configured-channels.ts';
import { countLeftovers } from '../../../lib/testkit/leftovers.ts';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { apiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { enrolled, entry, exit, mail, openKit } from '../../support/kit.ts';

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };
const mails = { in: entry, first: mail, second: mail, out: exit } as const;
const mailEdges = ['in -> first', 'first -> second', 'second -> out'];
const nodesOf = async (kit: Testkit, id: string): Promise<string[]> =>
  (await kit.steps(id)).map(({ node }) => node);

/** Enrols c1 and dies right after the nth step has ended; the next process has not begun to work. */
async function betweenNodes(kit: Testkit, nth: number): Promise<string> {
  kit.killAt('step.finish:after', nth);
  await expect(enrolled(kit, mails, mailEdges)).rejects.toMatchObject({ code: 'testkit.killed' });
  await kit.restart();
  const [id = ''] = await kit.instances({ tenant: 'T1' });
  return id;
}

describe('pausing between nodes', () => {
  it('lets the next node begin only when the instance is resumed', async () => {
    const kit = await openKit();
    const id = await betweenNodes(kit, 2);
    expect(await kit.instance(id)).toMatchObject({ status: 'running', positions: ['second'] });
    await kit.pause(id);
    await kit.advance('10d');
    expect(await nodesOf(kit, id)).toEqual(['in', 'first']);
    expect(kit.sends()).toHaveLength(1);
    await kit.resume(id);
    expect((await kit.instance(id)).status).toBe('running');
    await kit.settle();
    expect(await nodesOf(kit, id)).toEqual(['in', 'first', 'second', 'out']);
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('survives restarts, and can be repeated at the same node', async () => {
    const kit = await openKit();
    const id = await betweenNodes(kit, 1);
    for (let time = 0; time < 3; time++) {
      await kit.pause(id);
      await kit.settle();
      await kit.restart();
      await kit.advance('1d');
      expect(await kit.instance(id)).toMatchObject({ status: 'paused', positions: ['first'] });
      await kit.resume(id);
    }
    await kit.settle();
    expect(kit.sends().map(({ node }) => node)).toEqual(['first', 'second']);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('opens the gate again when the process dies right after the resume', async () => {
    const kit = await openKit();
    const id = await betweenNodes(kit, 1);
    await kit.pause(id);
    await kit.settle();
    kit.killAt('instance.resume:after');
    await expect(kit.resume(id)).rejects.toMatchObject({ code: 'testkit.killed' });
    await kit.restart();
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('is cancelled at the gate without a trace of the execution', async () => {
    const kit = await openKit();
    const id = await betweenNodes(kit, 1);
    await kit.pause(id);
    await kit.settle();
    await kit.cancel(id);
    await kit.advance('10d');
    expect(await kit.instance(id)).toMatchObject({ status: 'exited', positions: [] });
    expect(kit.sends()).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('begins neither a wait nor a wait with a computed deadline', async () => {
    const kit = await openKit();
    const nodes = {
      in: entry,
      w: ['wait', { duration: '1h' }],
      until: ['wait_until', { datetime: '2026-02-01T00:00:00Z' }],
      out: exit,
    } as const;
    kit.killAt('step.finish:after');
    await expect(
      enrolled(kit, nodes, ['in -> w', 'w -> until', 'until -> out']),
    ).rejects.toMatchObject({ code: 'testkit.killed' });
    await kit.restart();
    const [id = ''] = await kit.instances({ tenant: 'T1' });
    await kit.pause(id);
    await kit.advance('2h');
    expect(await kit.instance(id)).toMatchObject({ positions: ['w'], deadlines: {} });
    await kit.resume(id);
    await kit.settle();
    expect((await kit.instance(id)).deadlines).toEqual({ w: '2026-01-01T03:00:00.000Z' });
    await kit.advance('59m');
    await kit.pause(id);
    await kit.advance('1h');
    await kit.resume(id);
    await kit.settle();
    expect((await kit.instance(id)).deadlines).toEqual({ until: '2026-02-01T00:00:00.000Z' });
    await kit.pause(id);
    await kit.advance('90d');
    await kit.resume(id);
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('pausing while a message is on its way', () => {
  it('records what became of it, and goes on from there when resumed', async () => {
    const kit = await openKit();
    kit.channel('email').next('hang');
    const id = await enrolled(kit, mails, mailEdges);
    await kit.pause(id);
    await kit.advance('1m');
    expect(await kit.instance(id)).toMatchObject({ status: 'paused', positions: ['second'] });
    expect(await kit.deliveries(id)).toEqual([
      { node: 'first', channel: 'email', status: 'unknown' },
    ]);
    await kit.resume(id);
    await kit.settle();
    expect(kit.sends().map(({ node }) => node)).toEqual(['second']);
  });

  it('keeps the end of the instance until it is resumed', async () => {
    const kit = await openKit();
    kit.channel('email').next('hang');
    const id = await enrolled(kit, { in: entry, last: mail }, ['in -> last']);
    await kit.pause(id);
    await kit.advance('1m');
    expect((await kit.steps(id)).at(-1)).toMatchObject({ node: 'last', status: 'completed' });
    expect((await kit.instance(id)).status).toBe('paused');
    await kit.resume(id);
    await kit.settle();
    expect(await kit.instance(id)).toMatchObject({ status: 'completed', positions: [] });
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('keeps a failure until it is resumed, and lets it be cancelled before', async () => {
    const refusals: (() => void)[] = [];
    const slowlyRefusing: Channel = {
      idempotent: false,
      send: () =>
        new Promise((resolve) => {
          refusals.push(() => resolve({ kind: 'refused', reason: 'no such mailbox' }));
        }),
    };
    const h = await apiHarness(configuredChannels({ email: { slow: slowlyRefusing } }));
    const { ctx } = h;
    const strict = ['send_email', { subject: 'a', body: 'b', on_failure: 'fail' }] as const;
    const graph = drawGraph({ in: entry, m: strict, out: exit }, ['in -> m', 'm -> out']);
    await publish(ctx, { tenant: 'T1', journey: 'J', graph });
    const ids: string[] = [];
    for (const customer of ['c1', 'c2']) {
      await saveCustomer(ctx, { tenant: 'T1', customer, email: `${customer}@example.com` });
      ids.push((await enrol(ctx, { tenant: 'T1', journey: 'J', customer })).instance);
    }
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) await new Promise((resolve) => setImmediate(resolve));
    };
    await until(() => refusals.length === 2);
    for (const id of ids) await pause(ctx, { tenant: 'T1', instance: id });
    for (const refuse of refusals) refuse();
    await h.settle();
    for (const id of ids) {
      const instance = await readInstance(ctx, { tenant: 'T1', instance: id });
      expect(instance).toMatchObject({
        status: 'paused',
        pause: { ending: { status: 'failed', reason: 'send.failed' } },
      });
      expect((await readTimeline(ctx, instance)).at(-1)).toMatchObject({ status: 'failed' });
    }
    const [failing = '', cancelled = ''] = ids;
    expect(await resume(ctx, { tenant: 'T1', instance: failing })).toMatchObject({
      status: 'failed',
      exitReason: 'send.failed',
      tokens: [],
    });
    expect(await cancel(ctx, { tenant: 'T1', instance: cancelled })).toMatchObject({
      status: 'exited',
      exitReason: 'cancelled_by_operator',
    });
    expect(await countLeftovers(ctx)).toEqual(nothing);
  });

  it('makes no further attempt before it is resumed; a cancelled one is called off', async () => {
    const kit = await openKit();
    kit.channel('email').next('transient');
    const id = await enrolled(kit, mails, mailEdges);
    await kit.pause(id);
    await kit.advance('1d');
    expect(kit.sends()).toEqual([]);
    await kit.resume(id);
    await kit.settle();
    expect(kit.sends().map(({ node }) => node)).toEqual(['first', 'second']);
  });
});

describe('cancelling', () => {
  it('calls off a message between two attempts', async () => {
    const kit = await openKit();
    kit.channel('email').next('transient');
    const id = await enrolled(kit, mails, mailEdges);
    await kit.cancel(id);
    await kit.advance('1d');
    expect(kit.sends()).toEqual([]);
    expect((await kit.steps(id)).map(({ node, status }) => [node, status])).toEqual([
      ['in', 'completed'],
      ['first', 'cancelled'],
    ]);
    expect(await kit.deliveries(id)).toEqual([
      { node: 'first', channel: 'email', status: 'skipped' },
    ]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('says of a message that a death interrupted that nobody knows', async () => {
    const kit = await openKit();
    kit.killAt('provider.call:after');
    await expect(enrolled(kit, mails, mailEdges)).rejects.toMatchObject({
      code: 'testkit.killed',
    });
    await kit.restart();
    const [id = ''] = await kit.instances({ tenant: 'T1' });
    await kit.cancel(id);
    await kit.advance('1d');
    expect(await kit.deliveries(id)).toEqual([
      { node: 'first', channel: 'email', status: 'unknown' },
    ]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('of an instance that has not started keeps it from starting', async () => {
    const kit = await openKit();
    const done = await enrolled(kit, mails, mailEdges);
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c2' });
    await kit.cancel(instance);
    await kit.advance('1d');
    expect(await kit.steps(instance)).toEqual([]);
    expect((await kit.instance(instance)).status).toBe('exited');
    await expect(kit.cancel(done)).rejects.toMatchObject({
      message: 'The instance is completed: it cannot be cancelled.',
    });
    expect(await kit.leftovers()).toEqual(nothing);
  });
});
