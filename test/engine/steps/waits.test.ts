import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestkit } from '../../../lib/testkit/testkit.ts';
import { enrolled, entry, exit, openKit } from '../../support/kit.ts';

const openedIn3d: [string, Record<string, unknown>] = [
  'wait_for_event',
  { event_type: 'opened', timeout: '3d', filter: { campaign: 'spring' } },
];
const waitEdges = ['in -> w', 'w -> met [event_received]', 'w -> out [timed_out]'];
const waitNodes = {
  in: entry,
  w: openedIn3d,
  met: ['goal_reached', { goal_name: 'met' }],
  out: exit,
} as const;

describe('a wait', () => {
  it('ends at its deadline to the millisecond', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, { in: entry, w: ['wait', { duration: '90s' }], out: exit }, [
      'in -> w',
      'w -> out',
    ]);
    expect((await kit.instance(id)).deadlines).toEqual({ w: '2026-01-01T00:01:30.000Z' });
    await kit.advance('89999ms');
    expect((await kit.instance(id)).status).toBe('waiting');
    await kit.advance('1ms');
    expect(await kit.instance(id)).toMatchObject({
      status: 'completed',
      completedAt: '2026-01-01T00:01:30.000Z',
    });
  });

  it('of no time passes straight through', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, { in: entry, w: ['wait', { duration: '0s' }], out: exit }, [
      'in -> w',
      'w -> out',
    ]);
    expect((await kit.steps(id)).map(({ node, status }) => [node, status])).toEqual([
      ['in', 'completed'],
      ['w', 'completed'],
      ['out', 'completed'],
    ]);
  });

  it('of years is carried from execution to execution and still ends on time', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, { in: entry, w: ['wait', { duration: '700d' }], out: exit }, [
      'in -> w',
      'w -> out',
    ]);
    await kit.advance('650d');
    expect(await kit.instance(id)).toMatchObject({
      status: 'waiting',
      epoch: 3,
      deadlines: { w: '2027-12-02T00:00:00.000Z' },
    });
    await kit.advance('50d');
    expect(await kit.instance(id)).toMatchObject({
      status: 'completed',
      completedAt: '2027-12-02T00:00:00.000Z',
    });
    expect(await kit.steps(id)).toHaveLength(3);
    expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  });

  it('of years is met by an event in a later execution', async () => {
    const kit = await openKit();
    const long = ['wait_for_event', { event_type: 'opened', timeout: '700d' }] as const;
    const id = await enrolled(kit, { ...waitNodes, w: long }, waitEdges);
    await kit.advance('400d');
    const { routed } = await kit.event({ tenant: 'T1', customer: 'c1', type: 'opened' });
    await kit.settle();
    expect(routed).toBe(1);
    expect((await kit.instance(id)).status).toBe('completed');
  });

  it('until an instant of the entry event ends then', async () => {
    const kit = await openKit();
    await enrolled(kit, { in: entry, w: ['wait_until', { datetime: 'event.at' }], out: exit }, [
      'in -> w',
      'w -> out',
    ]);
    await kit.event({
      tenant: 'T1',
      customer: 'c2',
      type: 'go',
      data: { at: '2026-01-05T10:00:00+01:00' },
    });
    await kit.settle();
    const [id = ''] = await kit.instances({ tenant: 'T1', customer: 'c2' });
    expect((await kit.instance(id)).deadlines).toEqual({ w: '2026-01-05T09:00:00.000Z' });
    await kit.advance('5d');
    expect((await kit.instance(id)).completedAt).toBe('2026-01-05T09:00:00.000Z');
  });

  it('until a past instant goes on at once, or fails when it is drawn so', async () => {
    const kit = await openKit();
    const past = { datetime: '2020-01-01T00:00:00Z' };
    const edges = ['in -> w', 'w -> out'];
    const first = await enrolled(kit, { in: entry, w: ['wait_until', past], out: exit }, edges);
    expect((await kit.instance(first)).status).toBe('completed');
    const strict = {
      in: entry,
      w: ['wait_until', { ...past, if_past: 'fail' }],
      out: exit,
    } as const;
    const second = await enrolled(kit, strict, edges);
    expect(await kit.instance(second)).toMatchObject({
      status: 'failed',
      exitReason: 'wait_until.past',
    });
    expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  });
});

describe('an event wait', () => {
  it('is met only by an event whose data passes the filter', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, waitNodes, waitEdges);
    const opened = (campaign: string): Promise<{ routed: number }> =>
      kit.event({ tenant: 'T1', customer: 'c1', type: 'opened', data: { campaign } });
    expect((await opened('winter')).routed).toBe(0);
    expect((await kit.event({ tenant: 'T1', customer: 'c1', type: 'opened' })).routed).toBe(0);
    expect((await opened('spring')).routed).toBe(1);
    await kit.settle();
    expect((await kit.instance(id)).accumulated.w).toMatchObject({
      branch: 'event_received',
      event: { type: 'opened', data: { campaign: 'spring' } },
    });
  });

  it('takes branches by the names that were drawn', async () => {
    const kit = await openKit();
    const named = {
      event_type: 'opened',
      timeout: '1d',
      event_branch: 'yes',
      timeout_branch: 'no',
    };
    const id = await enrolled(
      kit,
      {
        in: entry,
        w: ['wait_for_event', named],
        a: ['add_tag', { tag: 'a' }],
        b: ['add_tag', { tag: 'b' }],
      },
      ['in -> w', 'w -> a [yes]', 'w -> b [no]'],
    );
    await kit.advance('1d');
    expect((await kit.steps(id)).map(({ node, branch }) => [node, branch])).toEqual([
      ['in', undefined],
      ['w', 'no'],
      ['b', undefined],
    ]);
  });

  it('is not met by an event that comes at the deadline: the timeout wins', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kalcifer-test-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const before = await createTestkit({ dir });
    const id = await enrolled(before, { ...waitNodes }, waitEdges);
    await before.close();

    const kit = await openKit({ dir, start: '2026-01-04T00:00:00Z' });
    const data = { campaign: 'spring' };
    const { routed } = await kit.event({ tenant: 'T1', customer: 'c1', type: 'opened', data });
    await kit.settle();
    expect(routed).toBe(0);
    expect((await kit.steps(id)).map(({ node }) => node)).toEqual(['in', 'w', 'out']);
  });

  it('is met by an event a millisecond before the deadline', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, waitNodes, waitEdges);
    await kit.advance('259199999ms');
    const data = { campaign: 'spring' };
    await kit.event({ tenant: 'T1', customer: 'c1', type: 'opened', data });
    await kit.advance('1d');
    expect((await kit.steps(id)).map(({ node }) => node)).toEqual(['in', 'w', 'met']);
  });

  it('is not met by an event that was received before it was registered', async () => {
    const kit = await openKit();
    await kit.event({
      tenant: 'T1',
      customer: 'c1',
      type: 'opened',
      data: { campaign: 'spring' },
      id: 'e1',
    });
    const id = await enrolled(kit, waitNodes, waitEdges);
    const again = await kit.event({
      tenant: 'T1',
      customer: 'c1',
      type: 'opened',
      data: { campaign: 'spring' },
      id: 'e1',
    });
    expect(again.routed).toBe(0);
    expect((await kit.instance(id)).status).toBe('waiting');
  });

  it('is not met by an event that the same instance has used before', async () => {
    const kit = await openKit();
    const again = ['wait_for_event', { event_type: 'opened', timeout: '3d' }] as const;
    const id = await enrolled(
      kit,
      { in: entry, w1: again, w2: again, met: ['goal_reached', { goal_name: 'met' }], out: exit },
      [
        'in -> w1',
        'w1 -> w2 [event_received]',
        'w1 -> out [timed_out]',
        'w2 -> met [event_received]',
        'w2 -> out [timed_out]',
      ],
    );
    const open = (event: string): Promise<{ routed: number }> =>
      kit.event({ tenant: 'T1', customer: 'c1', type: 'opened', id: event });
    expect((await open('e1')).routed).toBe(1);
    await kit.settle();
    expect((await open('e1')).routed).toBe(0);
    expect((await kit.instance(id)).positions).toEqual(['w2']);
    expect((await open('e2')).routed).toBe(1);
  });

  it('as the last node ends the journey with whatever comes first, and leaves nothing behind', async () => {
    const kit = await openKit();
    const drawn = { in: entry, w: openedIn3d, a: ['add_tag', { tag: 'a' }] } as const;
    const edges = ['in -> w', 'w -> a [event_received]', 'w -> a [timed_out]'];
    const id = await enrolled(kit, drawn, edges);
    await kit.event({ tenant: 'T1', customer: 'c1', type: 'opened', data: { campaign: 'spring' } });
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect((await kit.profile({ tenant: 'T1', id: 'c1' })).tags).toEqual(['a']);
    expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  });
});
