import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { drawGraph } from '../../support/graphs.ts';
import { enrolled, entry, exit, openKit } from '../../support/kit.ts';

const tenant = 'T1';
const isVip = { field: 'customer.properties.spent', op: 'gte', value: 100 };

/** Asks after a day, and tags the customer with the answer. */
function asking(config: Record<string, unknown> = {}): Parameters<typeof drawGraph> {
  return [
    {
      in: entry,
      stay: ['wait', { duration: '1d' }],
      ask: ['check_segment', { segment_id: 'vip', ...config }],
      yes: ['add_tag', { tag: 'yes' }],
      no: ['add_tag', { tag: 'no' }],
    },
    ['in -> stay', 'stay -> ask', 'ask -> yes [true]', 'ask -> no [false]'],
  ];
}

async function enrolAsking(kit: Testkit, config: Record<string, unknown> = {}): Promise<string> {
  await kit.segment({ tenant, id: 'vip', rule: isVip });
  return enrolled(kit, ...asking(config));
}

async function nodesOf(kit: Testkit, instance: string): Promise<string[]> {
  return (await kit.steps(instance)).map(({ node }) => node);
}

describe('a node that asks for a segment', () => {
  it('goes by the profile as it is at that moment, not as it was at entry', async () => {
    const kit = await openKit();
    const instance = await enrolAsking(kit);
    await kit.customer({ tenant, id: 'c1', properties: { spent: 100 } });
    await kit.advance('1d');
    expect(await nodesOf(kit, instance)).toEqual(['in', 'stay', 'ask', 'yes']);
    expect((await kit.steps(instance))[2]).toMatchObject({
      branch: 'true',
      notes: ['customer.properties.spent is 100, at least 100, so true'],
    });
  });

  it('goes by the rule as it is at that moment', async () => {
    const kit = await openKit();
    const instance = await enrolAsking(kit);
    await kit.segment({ tenant, id: 'vip', rule: { field: 'customer.email', op: 'exists' } });
    await kit.advance('1d');
    expect(await nodesOf(kit, instance)).toEqual(['in', 'stay', 'ask', 'yes']);
  });

  it('takes a customer of whom nothing is known by the same rules as a condition', async () => {
    const kit = await openKit();
    const instance = await enrolAsking(kit);
    await kit.advance('1d');
    expect(await nodesOf(kit, instance)).toEqual(['in', 'stay', 'ask', 'no']);
  });

  it('waits while the store is away and goes on when it is back; other journeys notice nothing', async () => {
    const kit = await openKit();
    const instance = await enrolAsking(kit);
    kit.segmentStore('away');
    await kit.publish({
      tenant,
      journey: 'other',
      graph: drawGraph({ in: ['event_entry', { event_type: 'x' }], out: exit }, ['in -> out']),
    });
    await kit.advance('1d');
    const { enrolled: others } = await kit.event({ tenant, customer: 'c1', type: 'x' });
    await kit.settle();
    expect(await kit.instance(others[0] ?? '')).toMatchObject({ status: 'completed' });
    expect(await kit.instance(instance)).toMatchObject({ status: 'running', positions: ['ask'] });
    expect((await kit.steps(instance)).at(-1)).toMatchObject({ node: 'ask', status: 'retrying' });
    await kit.advance('30m');
    kit.segmentStore('back');
    await kit.advance('10m');
    expect(await nodesOf(kit, instance)).toEqual(['in', 'stay', 'ask', 'no']);
    expect(await kit.instance(instance)).toMatchObject({ status: 'completed' });
  });

  it.each([
    [undefined, '59m', '10m'],
    ['10m', '9m', '5m'],
    ['6h', '5h', '90m'],
  ])(
    'fails the instance when the store is away for longer than %s',
    async (retryFor, before, after) => {
      const kit = await openKit();
      const config = retryFor === undefined ? {} : { retry_for: retryFor };
      const instance = await enrolAsking(kit, config);
      kit.segmentStore('away');
      await kit.advance('1d');
      await kit.advance(before);
      expect(await kit.instance(instance)).toMatchObject({ status: 'running' });
      await kit.advance(after);
      expect(await kit.instance(instance)).toMatchObject({
        status: 'failed',
        exitReason: 'segment.unavailable',
      });
      expect((await kit.steps(instance)).at(-1)).toMatchObject({ node: 'ask', status: 'failed' });
    },
  );

  it('goes on by false when told so, and knows after a restart for how long it has tried', async () => {
    const kit = await openKit();
    const instance = await enrolAsking(kit, { on_unavailable: 'false', retry_for: '30m' });
    kit.segmentStore('away');
    await kit.advance('1d');
    await kit.advance('20m');
    await kit.kill();
    await kit.restart();
    await kit.advance('15m');
    expect(await nodesOf(kit, instance)).toEqual(['in', 'stay', 'ask', 'no']);
    expect((await kit.steps(instance))[2]).toMatchObject({
      branch: 'false',
      notes: ['the segment store did not answer, so false'],
    });
  });
});

describe('a node that asks for the preference', () => {
  it('goes by what the customer wants at that moment', async () => {
    const kit = await openKit();
    const instance = await enrolled(
      kit,
      {
        in: entry,
        stay: ['wait', { duration: '1d' }],
        ask: ['preference_gate', { channel: 'sms' }],
        yes: exit,
        no: exit,
      },
      ['in -> stay', 'stay -> ask', 'ask -> yes [true]', 'ask -> no [false]'],
    );
    const { instance: other } = await kit.enroll({ tenant, journey: 'J', customer: 'c2' });
    await kit.settle();
    await kit.customer({ tenant, id: 'c1', preferences: { sms: false } });
    await kit.advance('1d');
    expect((await nodesOf(kit, instance)).at(-1)).toBe('no');
    expect((await nodesOf(kit, other)).at(-1)).toBe('yes');
  });
});
