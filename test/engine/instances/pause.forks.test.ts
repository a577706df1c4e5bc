import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { drawGraph } from '../../support/graphs.ts';
import { enrolled, entry, exit, mail, openKit } from '../../support/kit.ts';

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };
const waitFor = (event: string, timeout: string) =>
  ['wait_for_event', { event_type: event, timeout }] as const;

/** Two waits side by side, a mail behind each, and an end that both come to. */
const nodes = {
  in: entry,
  left: waitFor('opened', '3d'),
  right: waitFor('clicked', '5d'),
  leftMail: mail,
  rightMail: mail,
  out: exit,
} as const;
const edges = [
  'in -> left',
  'in -> right',
  ...['left', 'right'].flatMap((side) => [
    `${side} -> ${side}Mail [event_received]`,
    `${side} -> ${side}Mail [timed_out]`,
    `${side}Mail -> out`,
  ]),
];

const event = (kit: Testkit, type: string) => kit.event({ tenant: 'T1', customer: 'c1', type });

describe('a customer in several places', () => {
  it('is paused in all of them, and each goes on by what came to it', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, nodes, edges);
    await kit.pause(id);
    expect(await event(kit, 'opened')).toMatchObject({ routed: 1 });
    await kit.advance('10d');
    expect(await kit.instance(id)).toMatchObject({
      status: 'paused',
      positions: ['left', 'right'],
    });
    await kit.restart();
    await kit.resume(id);
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    const branches = (await kit.steps(id)).flatMap(({ node, branch }) =>
      branch === undefined ? [] : [[node, branch]],
    );
    expect(branches.toSorted()).toEqual([
      ['left', 'event_received'],
      ['right', 'timed_out'],
    ]);
    expect(
      kit
        .sends()
        .map(({ node }) => node)
        .toSorted(),
    ).toEqual(['leftMail', 'rightMail']);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('stays before the next node of every branch', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, nodes, edges);
    await event(kit, 'opened');
    await event(kit, 'clicked');
    await kit.pause(id);
    await kit.advance('1d');
    expect(await kit.instance(id)).toMatchObject({
      status: 'paused',
      positions: ['leftMail', 'rightMail'],
    });
    expect(kit.sends()).toEqual([]);
    await kit.resume(id);
    expect((await kit.instance(id)).status).toBe('running');
    await kit.settle();
    expect(kit.sends()).toHaveLength(2);
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('has one event held for every wait that it meets', async () => {
    const kit = await openKit();
    const same = { ...nodes, right: waitFor('opened', '5d') };
    const id = await enrolled(kit, same, edges);
    await kit.pause(id);
    expect(await event(kit, 'opened')).toMatchObject({ routed: 2 });
    expect(await event(kit, 'opened')).toMatchObject({ routed: 0 });
    await kit.resume(id);
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends()).toHaveLength(2);
  });

  it.each(['cancelled', 'paused and cancelled', 'taken out by an event'])(
    'leaves all of them when %s',
    async (how) => {
      const kit = await openKit();
      await kit.publish({
        tenant: 'T1',
        journey: 'J',
        graph: { ...drawGraph(nodes, edges), exit_criteria: { event_type: 'left' } },
      });
      const { instance: id } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
      await kit.settle();
      if (how.startsWith('paused')) {
        await kit.pause(id);
        await kit.advance('4d');
      }
      if (how.startsWith('taken')) expect(await event(kit, 'left')).toMatchObject({ routed: 1 });
      else await kit.cancel(id);
      await kit.advance('10d');
      expect(await kit.instance(id)).toMatchObject({ status: 'exited', positions: [] });
      expect((await kit.steps(id)).map(({ node, status }) => `${node} ${status}`)).toEqual([
        'in completed',
        'left cancelled',
        'right cancelled',
      ]);
      expect(kit.sends()).toEqual([]);
      expect(await kit.leftovers()).toEqual(nothing);
    },
  );

  it('leaves all of them when a fact comes true in one', async () => {
    const kit = await openKit();
    await kit.publish({
      tenant: 'T1',
      journey: 'J',
      graph: {
        ...drawGraph({ ...nodes, leftMail: ['add_tag', { tag: 'done' }] }, edges),
        exit_criteria: { field: 'customer.tags', op: 'contains', value: 'done' },
      },
    });
    const { instance: id } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await kit.settle();
    await event(kit, 'opened');
    await kit.settle();
    expect(await kit.instance(id)).toMatchObject({
      status: 'exited',
      exitReason: 'exit_criteria',
    });
    await kit.advance('10d');
    expect(kit.sends()).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });
});
