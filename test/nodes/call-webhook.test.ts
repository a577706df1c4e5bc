/** `call_webhook`: what is sent, and what is kept of the answer. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../lib/json.ts';
import { callWebhook } from '../../lib/nodes/call-webhook.ts';
import type { Delivery, Outcome, WebResponse } from '../../lib/nodes/node-type.ts';
import { configProblems, contextWith, resumeNode, runNode } from '../support/node-runs.ts';

const url = 'https://crm.example.com/leads';
const ctx = contextWith({
  facts: { event: { plan: 'pro', score: 7 }, accumulated: { pick: { branch: 'a' } } },
});

function messageOf(config: JsonObject): Extract<Outcome, { kind: 'send' }>['message'] {
  const outcome = runNode(callWebhook, config, ctx);
  if (outcome.kind !== 'send') throw new Error(`it is ${outcome.kind}`);
  return outcome.message;
}

describe('the request', () => {
  test('is a POST with the ids of the customer and of the place, when nothing else is said', () => {
    expect(messageOf({ url })).toEqual({
      channel: 'webhook',
      to: url,
      body: '{"tenant":"T1","journey":"J","instance":"i1","node":"n1","customer_id":"c1"}',
      request: {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        timeoutMs: 10_000,
      },
    });
  });

  test('is as it was drawn, with header names in lower case and secrets by name only', () => {
    const { request } = messageOf({
      url,
      method: 'PUT',
      headers: {
        'X-Team': 'growth',
        Authorization: { secret_ref: 'crm', prefix: 'Bearer ' },
        'Content-Type': 'text/plain',
      },
      timeout: '2s',
      expect: [200, 409],
    });
    expect(request).toEqual({
      method: 'PUT',
      headers: {
        'x-team': 'growth',
        authorization: { secretRef: 'crm', prefix: 'Bearer ' },
        'content-type': 'text/plain',
      },
      timeoutMs: 2_000,
      expect: [200, 409],
    });
  });

  test('has the body of a template', () => {
    expect(messageOf({ url, body: 'plan={{ event.plan }}' }).body).toBe('plan=pro');
  });

  test('has a JSON body whose texts are templates, which keep the type of what they put out', () => {
    const body = {
      plan: '{{ event.plan }}',
      score: '{{ event.score }}',
      list: ['{{ context.x }}'],
    };
    expect(messageOf({ url, body }).body).toBe('{"plan":"pro","score":7,"list":[""]}');
    expect(runNode(callWebhook, { url, body }, ctx)).toMatchObject({
      notes: ['context.x is not set, so its place is empty'],
    });
  });

  test('fails the node when its body cannot be rendered', () => {
    const body = '{% for a in (1..60000) %}x{% endfor %}';
    expect(runNode(callWebhook, { url, body }, ctx)).toMatchObject({
      kind: 'failed',
      code: 'template.failed',
      retryable: false,
    });
    expect(runNode(callWebhook, { url, body: { a: body } }, ctx)).toMatchObject({
      kind: 'failed',
      code: 'template.failed',
    });
  });

  test('names the secrets that it needs', () => {
    const headers = { a: { secret_ref: 'one' }, b: 'plain', c: { secret_ref: 'two' } };
    expect(callWebhook.secrets?.(callWebhook.config.parse({ url, headers }))).toEqual([
      'one',
      'two',
    ]);
    expect(callWebhook.secrets?.(callWebhook.config.parse({ url }))).toEqual([]);
  });
});

describe('the answer', () => {
  const after = (
    delivery: Partial<Omit<Delivery, 'response'>> & { readonly response?: Partial<WebResponse> },
    config: JsonObject = {},
  ): Outcome => {
    const { response, ...told } = delivery;
    const full = response && { status: 200, text: '', cut: false, ...response };
    return resumeNode(
      callWebhook,
      { url, ...config },
      {
        kind: 'delivery',
        delivery: { status: 'sent', ...told, ...(full === undefined ? {} : { response: full }) },
      },
      ctx,
    );
  };

  test('is kept with its status and its JSON body', () => {
    expect(after({ response: { text: '{"score":7}' }, providerMessageId: 'key' })).toEqual({
      kind: 'completed',
      result: { status: 'sent', http_status: 200, body: { score: 7 } },
    });
  });

  test('without a body is kept as its status', () => {
    expect(after({ response: { status: 204 } })).toEqual({
      kind: 'completed',
      result: { status: 'sent', http_status: 204 },
    });
  });

  test.each([
    ['not JSON', { text: 'thanks' }, { body: 'thanks' }],
    ['cut short', { text: '{"a":1}', cut: true }, { body: '{"a":1}', body_cut: true }],
    [
      'larger than is kept',
      { text: JSON.stringify('x'.repeat(7_000)) },
      { body: `"${'x'.repeat(999)}`, body_cut: true },
    ],
    [
      'nested too deep',
      { text: '['.repeat(30) + ']'.repeat(30) },
      { body: '['.repeat(30) + ']'.repeat(30) },
    ],
  ])('that is %s is kept as the beginning of its text', (_, response, kept) => {
    expect(after({ response })).toMatchObject({ result: { http_status: 200, ...kept } });
  });

  test('never takes more than 8 KiB', () => {
    const worst = [
      '\u0000'.repeat(8_192),
      '"'.repeat(8_192),
      '€'.repeat(2_700),
      '\ud800'.repeat(2_000),
    ];
    for (const text of [...worst, ...worst.map((inside) => JSON.stringify(inside))]) {
      const outcome = after({ response: { text } });
      if (outcome.kind !== 'completed') throw new Error(outcome.kind);
      expect(Buffer.byteLength(JSON.stringify(outcome.result))).toBeLessThanOrEqual(8_192);
    }
  });

  test('that refuses lets the journey go on and says so, or fails the node on request', () => {
    const refused = {
      status: 'failed' as const,
      detail: 'the receiver answered 404',
      response: { status: 404, text: '{"error":"gone"}' },
    };
    expect(after(refused)).toEqual({
      kind: 'completed',
      result: {
        status: 'failed',
        detail: 'the receiver answered 404',
        http_status: 404,
        body: { error: 'gone' },
      },
      notes: ['not delivered: the receiver answered 404'],
    });
    expect(after(refused, { on_failure: 'fail' })).toEqual({
      kind: 'failed',
      code: 'send.failed',
      detail: 'the receiver answered 404',
      retryable: false,
    });
  });

  test('is the only thing that resumes the node', () => {
    expect(resumeNode(callWebhook, { url }, { kind: 'timer' }, ctx)).toMatchObject({
      kind: 'failed',
    });
  });
});

describe('a drawing', () => {
  test.each([
    [{ url: 'https://127.0.0.1/' }, 'leads to 127.0.0.1, which is not a public address'],
    [{ url: 'http://crm.example.com/' }, 'must begin with https://'],
    [
      { url: 'https://crm.example.com/{{ customer.id }}' },
      'is called as it is written: put what differs between customers into the body',
    ],
    [{ url, headers: { Host: 'x' } }, 'is set by Kalcifer'],
    [{ url, headers: { 'x-a': '1', 'X-A': '2' } }, 'is there twice'],
    [{ url, timeout: '31s' }, 'must be more than 0 and at most 30s'],
  ])('%j is refused with a reason', (config, problem) => {
    expect(configProblems(callWebhook, config)).toContain(problem);
  });
});
