import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { enrolled, entry, exit, mail, openKit } from '../../support/kit.ts';

const tag = ['add_tag', { tag: 't' }] as const;
const day = ['wait', { duration: '1d' }] as const;
const week = ['wait', { duration: '7d' }] as const;
const waitFor = (eventType: string) =>
  ['wait_for_event', { event_type: eventType, timeout: '30d' }] as const;
const goal = ['goal_reached', { goal_name: 'bought' }] as const;
const isGold = ['condition', { field: 'customer.properties.plan', value: 'gold' }] as const;

const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };

async function stepsOf(kit: Testkit, instance: string): Promise<readonly string[]> {
  const steps = await kit.steps(instance);
  return steps.map(({ node, status }) => `${node} ${status}`).toSorted();
}

describe('a diamond', () => {
  it('sends the e-mail behind its join once, after both branches', async () => {
    const kit = await openKit();
    const nodes = { in: entry, a: tag, b: day, join: mail, out: exit };
    const id = await enrolled(kit, nodes, [
      'in -> a',
      'in -> b',
      'a -> join',
      'b -> join',
      'join -> out',
    ]);
    expect(await kit.instance(id)).toMatchObject({ status: 'waiting', positions: ['b', 'join'] });
    expect(kit.sends()).toEqual([]);
    await kit.advance('1d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends().map(({ node }) => node)).toEqual(['join']);
    expect(await stepsOf(kit, id)).toEqual([
      'a completed',
      'b completed',
      'in completed',
      'join completed',
      'out completed',
    ]);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('may have a branch without nodes', async () => {
    const kit = await openKit();
    const nodes = { in: entry, a: day, join: mail, out: exit };
    const id = await enrolled(kit, nodes, ['in -> join', 'in -> a', 'a -> join', 'join -> out']);
    expect((await kit.instance(id)).positions).toEqual(['a', 'join']);
    await kit.advance('1d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends()).toHaveLength(1);
  });
});

describe('a join', () => {
  const nodes = { in: entry, a: tag, if: isGold, long: day, late: mail, join: mail, out: tag };
  const edges = [
    'in -> a',
    'in -> if',
    'a -> join',
    'if -> join [true]',
    'if -> long [false]',
    'long -> late',
    'join -> out',
  ];

  it('does not wait for a branch that has taken another way', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, nodes, edges);
    expect(await kit.instance(id)).toMatchObject({ status: 'waiting', positions: ['long'] });
    expect(kit.sends().map(({ node }) => node)).toEqual(['join']);
    await kit.advance('1d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends().map(({ node }) => node)).toEqual(['join', 'late']);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('never runs when no branch comes to it', async () => {
    const kit = await openKit();
    const both = { in: entry, if: isGold, if2: isGold, w: day, t: tag, join: mail };
    const id = await enrolled(kit, both, [
      'in -> if',
      'in -> if2',
      'if -> join [true]',
      'if2 -> join [true]',
      'if -> w [false]',
      'if2 -> t [false]',
    ]);
    expect((await kit.instance(id)).positions).toEqual(['w']);
    await kit.advance('1d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends()).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('an event', () => {
  it('ends both waits for it in one instance, and counts both', async () => {
    const kit = await openKit();
    const id = await enrolled(
      kit,
      { in: entry, a: waitFor('paid'), b: waitFor('paid'), ta: tag, tb: tag, out: exit },
      [
        'in -> a',
        'in -> b',
        'a -> ta [event_received]',
        'a -> out [timed_out]',
        'b -> tb [event_received]',
        'b -> out [timed_out]',
        'ta -> out',
        'tb -> out',
      ],
    );
    const paid = { tenant: 'T1', customer: 'c1', type: 'paid', id: 'e1' };
    expect(await kit.event(paid)).toEqual({ routed: 2, enrolled: [] });
    expect(await kit.event(paid)).toEqual({ routed: 0, enrolled: [] });
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
});

describe('an end that only one branch reaches', () => {
  it('cuts off a sibling that waits, whose step is cancelled', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, { in: entry, a: day, w: waitFor('paid'), t: tag, out: exit }, [
      'in -> a',
      'in -> w',
      'a -> out',
      'w -> t [event_received]',
      'w -> t [timed_out]',
    ]);
    expect(await kit.instance(id)).toMatchObject({ status: 'waiting', positions: ['a', 'w'] });
    await kit.advance('1d');
    expect(await kit.instance(id)).toMatchObject({ status: 'completed', positions: [] });
    expect(await stepsOf(kit, id)).toEqual([
      'a completed',
      'in completed',
      'out completed',
      'w cancelled',
    ]);
    expect(await kit.leftovers()).toEqual(nothing);
    const paid = { tenant: 'T1', customer: 'c1', type: 'paid' };
    expect(await kit.event(paid)).toEqual({ routed: 0, enrolled: [] });
    await kit.advance('60d');
    expect(await stepsOf(kit, id)).toHaveLength(4);
  });

  it('may be a goal, which counts', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, { in: entry, w: waitFor('paid'), won: goal, d: week, m: mail }, [
      'in -> w',
      'in -> d',
      'w -> won [event_received]',
      'w -> m [timed_out]',
      'd -> m',
    ]);
    await kit.event({ tenant: 'T1', customer: 'c1', type: 'paid' });
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('completed');
    expect(await kit.conversions({ tenant: 'T1' })).toHaveLength(1);
    expect(await stepsOf(kit, id)).toEqual([
      'd cancelled',
      'in completed',
      'w completed',
      'won completed',
    ]);
    await kit.advance('30d');
    expect(kit.sends()).toEqual([]);
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('forks', () => {
  it('stand inside of each other and share a join', async () => {
    const kit = await openKit();
    const nodes = { in: entry, a: tag, f: tag, b: day, c: week, join: mail, out: exit };
    const id = await enrolled(kit, nodes, [
      'in -> a',
      'in -> f',
      'f -> b',
      'f -> c',
      'a -> join',
      'b -> join',
      'c -> join',
      'join -> out',
    ]);
    expect((await kit.instance(id)).positions).toEqual(['b', 'c', 'join']);
    await kit.advance('1d');
    expect((await kit.instance(id)).positions).toEqual(['c', 'join']);
    await kit.advance('6d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends()).toHaveLength(1);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('may all end without a join: the instance completes with the last branch', async () => {
    const kit = await openKit();
    const nodes = { in: entry, a: tag, b: day, m: mail };
    const id = await enrolled(kit, nodes, ['in -> a', 'in -> b', 'b -> m']);
    expect((await kit.instance(id)).positions).toEqual(['b']);
    await kit.advance('1d');
    expect((await kit.instance(id)).status).toBe('completed');
    expect(kit.sends()).toHaveLength(1);
    expect(await kit.leftovers()).toEqual(nothing);
  });

  it('may hang off one branch of a condition', async () => {
    const kit = await openKit();
    const nodes = { in: entry, if: isGold, a: tag, b: day, join: mail, out: exit };
    const edges = [
      'in -> if',
      'if -> a [true]',
      'if -> b [true]',
      'if -> join [false]',
      'a -> join',
      'b -> join',
      'join -> out',
    ];
    const silver = await enrolled(kit, nodes, edges);
    expect((await kit.instance(silver)).status).toBe('completed');
    await kit.customer({ tenant: 'T1', id: 'c2', properties: { plan: 'gold' }, email: 'c2@x.org' });
    const gold = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c2' });
    await kit.settle();
    expect((await kit.instance(gold.instance)).positions).toEqual(['b', 'join']);
    await kit.advance('1d');
    expect((await kit.instance(gold.instance)).status).toBe('completed');
    expect(kit.sends().map(({ customer }) => customer)).toEqual(['c1', 'c2']);
  });

  it('of different paths may share nodes, and a path may lead into the middle of a branch', async () => {
    const kit = await openKit();
    const nodes = {
      in: entry,
      if: isGold,
      f: tag,
      a: day,
      b: tag,
      join: mail,
      out: exit,
    };
    const edges = [
      'in -> if',
      'if -> f [true]',
      'if -> a [false]',
      'f -> a',
      'f -> b',
      'a -> join',
      'b -> join',
      'join -> out',
    ];
    const silver = await enrolled(kit, nodes, edges);
    expect((await kit.instance(silver)).positions).toEqual(['a']);
    await kit.advance('1d');
    expect(await stepsOf(kit, silver)).toEqual([
      'a completed',
      'if completed',
      'in completed',
      'join completed',
      'out completed',
    ]);
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('a failed node', () => {
  it('fails the instance and cancels its siblings', async () => {
    const kit = await openKit();
    kit.channel('email').next('refuse');
    const strict = [
      'send_email',
      { subject: 'Hello', body: 'Hello!', on_failure: 'fail' },
    ] as const;
    const id = await enrolled(kit, { in: entry, w: day, m: strict, out: exit }, [
      'in -> w',
      'in -> m',
      'w -> out',
      'm -> out',
    ]);
    await kit.settle();
    expect((await kit.instance(id)).status).toBe('failed');
    expect(await stepsOf(kit, id)).toEqual(['in completed', 'm failed', 'w cancelled']);
    await kit.advance('30d');
    expect(await kit.leftovers()).toEqual(nothing);
  });
});
