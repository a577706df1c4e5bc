import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer, Testkit } from '../../../lib/testkit/testkit.ts';
import { messageNodes, reachableCustomer } from '../../support/message-nodes.ts';
import { openKit, enrolled, entry, exit, mail } from '../../support/kit.ts';

const drawn = { in: entry, m: mail, out: exit } as const;
const edges = ['in -> m', 'm -> out'];
const strict = {
  ...drawn,
  m: ['send_email', { subject: 'Hello', body: 'Hello!', on_failure: 'fail' }],
} as const;

describe.each(messageNodes)('%s', (type, channel, config, to) => {
  const journey = { in: entry, m: [type, config], out: exit } as const;
  async function sent(kit: Testkit, answer?: ScriptedAnswer): Promise<string> {
    await kit.customer(reachableCustomer);
    if (answer !== undefined) kit.channel(channel).next(answer);
    return enrolled(kit, journey, edges);
  }

  it('is handed over once to the address of its channel', async () => {
    const kit = await openKit();
    const id = await sent(kit);
    expect(kit.sends()).toMatchObject([{ channel, to, body: 'Hello!', key: `T1/${id}/m` }]);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel, status: 'sent' }]);
  });

  it.each([
    ['refuse', 'failed', 0],
    ['hang', 'unknown', 0],
    ['accept_then_lose_answer', 'unknown', 1],
    ['transient', 'sent', 1],
  ] as const)(
    'is told as it went when the provider does this: %s',
    async (answer, status, sends) => {
      const kit = await openKit();
      const id = await sent(kit, answer);
      await kit.advance('1h');
      expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel, status }]);
      expect(kit.sends()).toHaveLength(sends);
      expect((await kit.instance(id)).status).toBe('completed');
    },
  );

  it('is not tried for a customer who does not want it, and the journey goes on', async () => {
    const kit = await openKit();
    await kit.customer({ ...reachableCustomer, preferences: { [channel]: false } });
    const id = await enrolled(kit, journey, edges);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel, status: 'skipped' }]);
    expect((await kit.steps(id))[1]?.notes[0]).toMatch(/^not sent: the customer does not want/);
    expect((await kit.instance(id)).status).toBe('completed');
  });
});

describe('a send', () => {
  it('is handed over once, with one key per instance and node', async () => {
    const kit = await openKit();
    const id = await enrolled(kit, drawn, edges);
    expect(kit.sends()).toMatchObject([
      { to: 'c1@example.com', subject: 'Hello', body: 'Hello!', node: 'm', key: `T1/${id}/m` },
    ]);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel: 'email', status: 'sent' }]);
    expect((await kit.instance(id)).accumulated.m).toMatchObject({ status: 'sent' });
  });

  it('that is refused for this recipient lets the journey go on', async () => {
    const kit = await openKit();
    kit.channel('email').next('refuse');
    const id = await enrolled(kit, drawn, edges);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel: 'email', status: 'failed' }]);
    expect((await kit.instance(id)).status).toBe('completed');
    expect((await kit.steps(id))[1]?.notes).toEqual([
      'not delivered: refused by the fake provider',
    ]);
  });

  it('that is refused fails the instance when it is drawn so', async () => {
    const kit = await openKit();
    kit.channel('email').next('refuse');
    const id = await enrolled(kit, strict, edges);
    expect(await kit.instance(id)).toMatchObject({ status: 'failed', exitReason: 'send.failed' });
    expect((await kit.steps(id)).map(({ node, status }) => [node, status])).toEqual([
      ['in', 'completed'],
      ['m', 'failed'],
    ]);
    expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  });

  it('is not tried without an address, and the reason is told', async () => {
    const kit = await openKit();
    await enrolled(kit, drawn, edges);
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'nobody' });
    await kit.settle();
    expect(await kit.deliveries(instance)).toEqual([
      { node: 'm', channel: 'email', status: 'skipped' },
    ]);
    expect((await kit.steps(instance))[1]?.notes).toEqual(['not sent: no e-mail address']);
    expect(kit.sends({ customer: 'nobody' })).toEqual([]);
    expect((await kit.instance(instance)).status).toBe('completed');
  });

  it('that the provider does not take for the moment is tried again, and sent once', async () => {
    const kit = await openKit();
    kit.channel('email').next('transient', 3);
    const id = await enrolled(kit, drawn, edges);
    expect((await kit.steps(id))[1]?.status).toBe('retrying');
    expect(kit.sends()).toEqual([]);
    await kit.advance('1m');
    expect(kit.sends()).toHaveLength(1);
    expect((await kit.instance(id)).status).toBe('completed');
  });

  it('that the provider never takes is given up, and the journey goes on', async () => {
    const kit = await openKit();
    kit.channel('email').next('transient', 100);
    const id = await enrolled(kit, drawn, edges);
    await kit.advance('1d');
    expect(kit.sends()).toEqual([]);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel: 'email', status: 'failed' }]);
    expect((await kit.instance(id)).status).toBe('completed');
  });

  it.each(['hang', 'accept_then_lose_answer'] as const)(
    'is not repeated when nobody can tell whether it left (%s)',
    async (answer) => {
      const kit = await openKit();
      kit.channel('email').next(answer);
      const id = await enrolled(kit, drawn, edges);
      await kit.advance('1h');
      expect(await kit.deliveries(id)).toEqual([
        { node: 'm', channel: 'email', status: 'unknown' },
      ]);
      expect(kit.sends()).toHaveLength(answer === 'hang' ? 0 : 1);
      expect((await kit.instance(id)).status).toBe('completed');
    },
  );

  it('is not repeated after the process died while the provider was called, and the journey goes on', async () => {
    const kit = await openKit();
    kit.killAt('provider.call:after');
    await expect(enrolled(kit, drawn, edges)).rejects.toMatchObject({ code: 'testkit.killed' });
    await kit.restart();
    await kit.settle();
    const [id = ''] = await kit.instances({ tenant: 'T1' });
    expect(kit.sends()).toHaveLength(1);
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel: 'email', status: 'unknown' }]);
    expect((await kit.instance(id)).status).toBe('completed');
  });

  it('counts as handed over when the instance is cancelled meanwhile', async () => {
    const kit = await openKit();
    kit.channel('email').next('hang');
    const id = await enrolled(kit, drawn, edges);
    expect((await kit.steps(id))[1]?.status).toBe('sending');
    await kit.cancel(id);
    await kit.advance('1m');
    expect(await kit.deliveries(id)).toEqual([{ node: 'm', channel: 'email', status: 'unknown' }]);
    expect(await kit.instance(id)).toMatchObject({
      status: 'exited',
      exitReason: 'cancelled_by_operator',
    });
    expect((await kit.steps(id)).map(({ node }) => node)).toEqual(['in', 'm']);
  });

  it('uses the template of the library with what is known of the customer', async () => {
    const kit = await openKit();
    await kit.template({
      tenant: 'T1',
      id: 'hello',
      subject: 'Hi {{ customer.name }}',
      body: '<p>{{ event.plan }} & {{ context.coupon }} {{ customer.missing }}</p>',
    });
    const byTemplate = { ...drawn, m: ['send_email', { template_id: 'hello' }] } as const;
    await enrolled(kit, byTemplate, edges);
    await kit.customer({ tenant: 'T1', id: 'c2', email: 'c2@example.com', name: 'Bo <b>' });
    await kit.event({ tenant: 'T1', customer: 'c2', type: 'go', data: { plan: '<pro>' } });
    await kit.settle();
    const [send] = kit.sends({ customer: 'c2' });
    expect(send).toMatchObject({
      template: 'hello',
      subject: 'Hi Bo <b>',
      body: '<p>&lt;pro&gt; &  </p>',
    });
    const [id = ''] = await kit.instances({ tenant: 'T1', customer: 'c2' });
    expect((await kit.steps(id))[1]?.notes.toSorted()).toEqual([
      'context.coupon is not set, so its place is empty',
      'customer.missing is not set, so its place is empty',
    ]);
    expect((await kit.steps(id))[1]?.result).toEqual({
      status: 'sent',
      missing: ['context.coupon', 'customer.missing'],
      provider_message_id: 'fake-2',
    });
  });
});
