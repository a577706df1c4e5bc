import { describe, expect, it } from 'vitest';
import type { Channel, ChannelAnswer } from '../../lib/ports/channel.ts';
import { configuredChannels } from '../../lib/ports/configured-channels.ts';
import { signWebhook } from '../../lib/webhook-signature.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { entry, exit } from '../support/kit.ts';

const secret = 'the secret of T1 and ses';
const accepted: ChannelAnswer = { kind: 'accepted', providerMessageId: 'p1' };

/** A channel that answers when it is told to. */
function providerWith(answer: Promise<ChannelAnswer>): Channel {
  return { idempotent: false, send: () => answer };
}

interface Sent {
  readonly api: ApiHarness;
  readonly instance: string;
  /** The message's tag. */
  readonly message: string;
  /** Reports in the name of ses, rightly signed unless said otherwise. */
  readonly report: (
    body: unknown,
    given?: { signature?: string; tenant?: string; provider?: string },
  ) => ReturnType<ApiHarness['call']>;
  readonly delivery: () => Promise<unknown>;
}

/** One mail of T1 to c1, by provider `ses`. */
async function sent(answer: ChannelAnswer | Promise<ChannelAnswer> = accepted): Promise<Sent> {
  const ses = providerWith(Promise.resolve(answer));
  const api = await apiHarness(configuredChannels({ email: { ses } }));
  const mail = ['send_email', { subject: 's', body: 'b' }] as const;
  const graph = drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']);
  await api.call('POST', '/v1/journeys/J/publish', { graph });
  await api.call('PUT', '/v1/customers/c1', { email: 'c1@example.com' });
  await api.call('PUT', '/v1/secrets/callback-ses', { value: secret });
  const enrolled = await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
  const instance = enrolled.body.instance as string;
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  return {
    api,
    instance,
    message: `T1/${instance}/m`,
    report: (body, { signature, tenant = 'T1', provider = 'ses' } = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return api.call('POST', `/callbacks/${tenant}/${provider}`, text, {
        'x-api-key': '',
        'kalcifer-signature': signature ?? signWebhook(secret, text, api.clock.now()),
      });
    },
    delivery: async () => {
      const { body } = await api.call('GET', `/v1/instances/${instance}/timeline`);
      return body.steps[1].delivery;
    },
  };
}

describe('callbacks of providers', () => {
  it('move a delivery forward, and never back', async () => {
    const { message, report, delivery, api } = await sent();
    expect(await delivery()).toEqual({ channel: 'email', status: 'sent' });
    expect((await report({ message, status: 'sent' })).body).toEqual({
      status: 'sent',
      moved: false,
    });
    api.clock.moveTo(api.clock.now() + 5_000);
    const moved = await report({ message, status: 'delivered', provider_message_id: 'p9' });
    expect([moved.status, moved.body]).toEqual([200, { status: 'delivered', moved: true }]);
    for (const status of ['sent', 'delivered', 'bounced', 'failed']) {
      expect((await report({ message, status })).body).toEqual({
        status: 'delivered',
        moved: false,
      });
    }
    expect(await delivery()).toEqual({
      channel: 'email',
      status: 'delivered',
      reported_at: '2026-01-01T00:00:05.000Z',
    });
  });

  it.each(['bounced', 'failed'])('tell why a message %s', async (status) => {
    const { message, report, delivery } = await sent();
    await report({ message, status, detail: 'mailbox full' });
    expect(await delivery()).toMatchObject({ status, detail: 'mailbox full' });
  });

  it.each(['sent', 'delivered', 'bounced', 'failed'])(
    'settle a message of which nobody could tell whether it left: %s',
    async (status) => {
      const { message, report, delivery } = await sent({ kind: 'unknown', reason: 'no answer' });
      expect(await delivery()).toMatchObject({ status: 'unknown', detail: 'no answer' });
      expect((await report({ message, status })).body).toEqual({ status, moved: true });
      expect(await delivery()).toEqual({
        channel: 'email',
        status,
        reported_at: '2026-01-01T00:00:00.000Z',
      });
    },
  );

  it('may come while the message is still being handed over, and stay', async () => {
    let answer: (answered: ChannelAnswer) => void = () => undefined;
    const slow = new Promise<ChannelAnswer>((resolve) => {
      answer = resolve;
    });
    const { api, message, report, delivery } = await sent(slow);
    expect(await delivery()).toEqual({ channel: 'email', status: 'sending' });
    expect((await report({ message, status: 'delivered' })).body.moved).toBe(true);
    answer(accepted);
    await api.settle();
    expect(await delivery()).toMatchObject({ status: 'delivered' });
  });

  it('leave a message as refused that the provider had refused', async () => {
    const { message, report, delivery } = await sent({ kind: 'refused', reason: 'bad address' });
    expect((await report({ message, status: 'delivered' })).body).toEqual({
      status: 'failed',
      moved: false,
    });
    expect(await delivery()).toEqual({
      channel: 'email',
      status: 'failed',
      detail: 'bad address',
    });
  });

  it('that come at once move a delivery once', async () => {
    const { message, report } = await sent();
    const answers = await Promise.all(
      ['delivered', 'bounced', 'failed', 'delivered'].map((status) => report({ message, status })),
    );
    expect(answers.filter(({ body }) => body.moved)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.status)).size).toBe(1);
  });

  it('are refused alike when the signature is missing, wrong, old, or of another tenant or provider', async () => {
    const { api, message, report, delivery } = await sent();
    await api.call('PUT', '/v1/secrets/callback-other', { value: 'another secret' });
    await api.call(
      'PUT',
      '/v1/secrets/callback-ses',
      { value: 'secret of T2' },
      { 'x-api-key': api.keys.T2 },
    );
    const body = { message, status: 'delivered' };
    const text = JSON.stringify(body);
    const now = api.clock.now();
    const refusals = await Promise.all([
      report(body, { signature: '' }),
      report(body, { signature: signWebhook('a wrong secret', text, now) }),
      report(body, { signature: signWebhook(secret, `${text} `, now) }),
      report(body, { signature: signWebhook(secret, text, now - 301_000) }),
      report(body, { tenant: 'T2' }),
      report(body, { tenant: 'nobody' }),
      report(body, { provider: 'other' }),
      report('{"not json', { signature: signWebhook('a wrong secret', '{"not json', now) }),
    ]);
    for (const refusal of refusals) {
      expect([refusal.status, refusal.body]).toEqual([
        401,
        {
          error: {
            code: 'callback.signature',
            message: 'The header "kalcifer-signature" is missing, wrong, or too old.',
          },
        },
      ]);
    }
    expect(await delivery()).toMatchObject({ status: 'sent' });
  });

  it('find a message by our tag alone, of the tenant and the provider that sign', async () => {
    const { api, instance, message, report, delivery } = await sent();
    await api.call('PUT', '/v1/secrets/callback-other', { value: secret });
    const theirs = { value: secret };
    await api.call('PUT', '/v1/secrets/callback-ses', theirs, { 'x-api-key': api.keys.T2 });
    const unknown = await Promise.all([
      report({ message: 'p1', status: 'delivered' }),
      report({ message: `T1/${instance}/out`, status: 'delivered' }),
      report({ message: `T1/${instance}/gone`, status: 'delivered' }),
      report({ message: `T1/${instance}`, status: 'delivered' }),
      report({ message: `T1/${'x'.repeat(900)}/m`, status: 'delivered' }),
      report({ message: `T2/${instance}/m`, status: 'delivered' }),
      report({ message, status: 'delivered' }, { provider: 'other' }),
      report({ message, status: 'delivered' }, { tenant: 'T2' }),
      report({ message: `T2/${instance}/m`, status: 'delivered' }, { tenant: 'T2' }),
    ]);
    expect(unknown.map(({ status, body }) => [status, body.error.code])).toEqual(
      unknown.map(() => [404, 'delivery.unknown']),
    );
    expect(await delivery()).toMatchObject({ status: 'sent' });
  });

  it('are checked like every other body', async () => {
    const { message, report } = await sent();
    expect((await report('{"message"')).body.error.code).toBe('body.malformed');
    expect((await report({ message, status: 'opened' })).status).toBe(400);
    expect((await report({ status: 'sent' })).status).toBe(400);
    expect((await report({ message, status: 'sent', detail: 'x'.repeat(501) })).status).toBe(400);
    expect((await report({ message, status: 'sent' }, { tenant: 'x'.repeat(200) })).status).toBe(
      400,
    );
  });
});
