/** The channel `webhook`: what it puts around a message, and what it makes of the answer. */
import { describe, expect, test } from 'vitest';
import type { WebAnswer, WebCall } from '../../../lib/adapters/webhook/web-caller.ts';
import { webhookChannel } from '../../../lib/adapters/webhook/webhook-channel.ts';
import type { OutgoingMessage } from '../../../lib/ports/channel.ts';
import { virtualClock } from '../../../lib/testkit/virtual-clock.ts';
import { checkSignature } from '../../../lib/webhook-signature.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const message: OutgoingMessage = {
  key: 'T1/i1/hook größe',
  tenant: 'T1',
  customer: 'c1',
  journey: 'J',
  instance: 'i1',
  node: 'hook größe',
  channel: 'webhook',
  to: 'https://crm.example.com/leads',
  body: '{"a":1}',
  request: {
    method: 'POST',
    headers: { 'x-team': 'growth', authorization: { secretRef: 'crm', prefix: 'Bearer ' } },
    timeoutMs: 2_000,
  },
};

function channel(answer: WebAnswer, secrets: Record<string, string> = { 'T1 crm': 'sesame' }) {
  const calls: WebCall[] = [];
  const made = webhookChannel({
    clock: virtualClock(now),
    call: (call) => {
      calls.push(call);
      return Promise.resolve(answer);
    },
    secretOf: (tenant, secret) => Promise.resolve(secrets[`${tenant} ${secret}`]),
    signingSecretOf: (tenant) => Promise.resolve(`signs for ${tenant}`),
  });
  return {
    send: (given: OutgoingMessage) => made.send(given),
    idempotent: made.idempotent,
    calls,
  };
}

const answered = (status: number): WebAnswer => ({
  kind: 'answered',
  status,
  text: '{}',
  cut: false,
});

describe('a call', () => {
  test('carries the drawn headers, the secrets, the key and a signature that the receiver can check', async () => {
    const { send, calls } = channel(answered(200));
    await send(message);
    const signature = calls[0]?.headers['kalcifer-signature'] ?? '';
    expect(calls).toEqual([
      {
        url: 'https://crm.example.com/leads',
        method: 'POST',
        headers: {
          'x-team': 'growth',
          authorization: 'Bearer sesame',
          'user-agent': 'Kalcifer',
          'idempotency-key': 'T1/i1/hook%20gr%C3%B6%C3%9Fe',
          'kalcifer-signature': signature,
        },
        privateHeaders: new Set(['authorization']),
        body: '{"a":1}',
        timeoutMs: 2_000,
      },
    ]);
    expect(checkSignature('signs for T1', '{"a":1}', signature, now)).toBe('right');
  });

  test('may be repeated', () => {
    expect(channel(answered(200)).idempotent).toBe(true);
  });
});

describe('the answer', () => {
  test.each([200, 201, 204, 299])('%i is taken', async (status) => {
    expect(await channel(answered(status)).send(message)).toEqual({
      kind: 'accepted',
      providerMessageId: message.key,
      response: { status, text: '{}', cut: false },
    });
  });

  test.each([408, 425, 429, 500, 502, 503, 599])('%i is worth another call', async (status) => {
    expect(await channel(answered(status)).send(message)).toEqual({
      kind: 'transient',
      reason: `the receiver answered ${status}`,
    });
  });

  test.each([301, 304, 400, 401, 404, 409, 410, 422, 451])('%i is a refusal', async (status) => {
    expect(await channel(answered(status)).send(message)).toEqual({
      kind: 'refused',
      reason: `the receiver answered ${status}`,
      response: { status, text: '{}', cut: false },
    });
  });

  test('is judged by what the node expects, when it says so', async () => {
    const { send } = channel(answered(404));
    const expecting = (expect: readonly number[]): OutgoingMessage => ({
      ...message,
      request: { method: 'POST', headers: {}, timeoutMs: 1, expect },
    });
    expect((await send(expecting([200, 404]))).kind).toBe('accepted');
    expect((await channel(answered(200)).send(expecting([404]))).kind).toBe('refused');
  });

  test('of a forbidden target is a refusal, of a broken call another try', async () => {
    expect(await channel({ kind: 'forbidden', reason: 'inside' }).send(message)).toEqual({
      kind: 'refused',
      reason: 'inside',
    });
    expect(await channel({ kind: 'failed', reason: 'broken' }).send(message)).toEqual({
      kind: 'transient',
      reason: 'broken',
    });
  });
});

test('without its secret nothing is called', async () => {
  const { send, calls } = channel(answered(200), { 'T2 crm': 'of another tenant' });
  expect(await send(message)).toEqual({ kind: 'refused', reason: 'the secret "crm" is not set' });
  expect(calls).toEqual([]);
});

test('a message that is not a request is refused', async () => {
  const { request: _request, ...text } = message;
  expect((await channel(answered(200)).send(text)).kind).toBe('refused');
});
