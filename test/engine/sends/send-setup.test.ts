import { describe, expect, it } from 'vitest';
import { saveCustomer } from '../../../lib/engine/customers/customers.ts';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { readTimeline } from '../../../lib/engine/instances/read-steps.ts';
import type { Channel, ChannelAnswer, Channels } from '../../../lib/ports/channel.ts';
import { apiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry, exit } from '../../support/kit.ts';

function answering(answer: ChannelAnswer, idempotent = false): Channel & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    idempotent,
    send: ({ key }) => {
      calls.push(key);
      return Promise.resolve(answer);
    },
  };
}

/** One customer in a journey with one mail by provider `second`; `gone` once it is published. */
async function sendBy(find: Channels['find'], gone = find): ReturnType<typeof outcome> {
  let current = find;
  const api = await apiHarness({ find: (route) => current(route) });
  const config = { subject: 's', body: 'b', provider: 'second', on_failure: 'continue' };
  const graph = drawGraph({ in: entry, m: ['send_email', config], out: exit }, [
    'in -> m',
    'm -> out',
  ]);
  await publish(api.ctx, { tenant: 'T1', journey: 'J', graph });
  await saveCustomer(api.ctx, { tenant: 'T1', customer: 'c1', email: 'c1@example.com' });
  current = gone;
  return outcome(api);
}

async function outcome(api: Awaited<ReturnType<typeof apiHarness>>): Promise<{
  instance: Awaited<ReturnType<typeof readInstance>>;
  step: Awaited<ReturnType<typeof readTimeline>>[number] | undefined;
}> {
  const of = { tenant: 'T1', journey: 'J', customer: 'c1' };
  const enrolled = await enrol(api.ctx, of);
  for (let minute = 0; minute < 20; minute++) {
    await api.settle();
    api.clock.moveTo(api.clock.now() + 60_000);
  }
  const instance = await readInstance(api.ctx, { tenant: 'T1', ...enrolled });
  return { instance, step: (await readTimeline(api.ctx, instance))[1] };
}

const only =
  (channel: Channel): Channels['find'] =>
  ({ provider }) =>
    provider === 'second' ? { name: 'second', channel } : undefined;

describe('a send', () => {
  it('goes by the provider that the node names, and says so', async () => {
    const channel = answering({ kind: 'accepted', providerMessageId: 'm1' });
    const { instance, step } = await sendBy(only(channel));
    expect(instance.status).toBe('completed');
    expect(step?.send).toEqual({
      channel: 'email',
      provider: 'second',
      status: 'sent',
      attempt: 1,
      at: Date.parse('2026-01-01T00:00:00Z'),
      providerMessageId: 'm1',
    });
    expect(channel.calls).toHaveLength(1);
  });

  it('fails the instance when the provider says that we are set up wrongly, whatever the node says', async () => {
    const channel = answering({ kind: 'misconfigured', reason: 'the password is wrong' });
    const { instance, step } = await sendBy(only(channel));
    expect(instance).toMatchObject({ status: 'failed', exitReason: 'channel_misconfigured' });
    expect(step).toMatchObject({
      status: 'failed',
      notes: ['the password is wrong'],
      send: { status: 'failed', detail: 'the password is wrong' },
    });
    expect(channel.calls).toHaveLength(1);
  });

  it('fails the instance when its provider is gone', async () => {
    const channel = answering({ kind: 'accepted', providerMessageId: 'm1' });
    const { instance, step } = await sendBy(only(channel), () => undefined);
    expect(instance).toMatchObject({ status: 'failed', exitReason: 'provider_unknown' });
    expect(step?.notes).toEqual(['Channel email has no provider "second".']);
    expect(channel.calls).toEqual([]);
  });

  it('is repeated with the same key where nobody can tell and the provider would notice', async () => {
    const channel = answering({ kind: 'unknown', reason: 'no answer' }, true);
    const { instance, step } = await sendBy(only(channel));
    expect(channel.calls).toHaveLength(9);
    expect(new Set(channel.calls).size).toBe(1);
    expect(step?.send).toMatchObject({ status: 'unknown', attempt: 9 });
    expect(instance.status).toBe('completed');
  });
});
