/** Webhooks over HTTP: who may let a customer in, and that each delivery does so once. */
import { describe, expect, test } from 'vitest';
import { setSecret } from '../../lib/engine/secrets/secrets.ts';
import { signWebhook } from '../../lib/webhook-signature.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';

const secret = 'shared with the crm';

function graph(config: Record<string, unknown>) {
  return drawGraph(
    { in: ['webhook_entry', config], wait: ['wait', { duration: '1d' }], out: ['exit'] },
    ['in -> wait', 'wait -> out'],
  );
}

/** Tenant T1 has a signed webhook at /crm/lead and one without a secret at /open. */
async function withWebhooks(): Promise<ApiHarness> {
  const api = await apiHarness();
  await setSecret(api.ctx, { tenant: 'T1', secret: 'crm', value: secret });
  for (const [journey, config] of [
    ['signed', { webhook_path: '/crm/lead', secret_ref: 'crm' }],
    ['open', { webhook_path: '/open' }],
  ] as const) {
    const { status } = await api.call('POST', `/v1/journeys/${journey}/publish`, {
      graph: graph(config),
    });
    expect(status).toBe(201);
  }
  return api;
}

const body = { customer_id: 'c1', data: { plan: 'pro' } };

interface Signing {
  readonly path?: string;
  readonly with?: string;
  readonly at?: number;
  readonly delivery?: string;
}

/** A signed call without a key. */
function call(api: ApiHarness, sent: unknown = body, signing: Signing = {}) {
  const text = typeof sent === 'string' ? sent : JSON.stringify(sent);
  const at = signing.at ?? api.clock.now();
  return api.call('POST', signing.path ?? '/hooks/T1/crm/lead', text, {
    'x-api-key': '',
    'kalcifer-signature': signWebhook(signing.with ?? secret, text, at),
    ...(signing.delivery === undefined ? {} : { 'idempotency-key': signing.delivery }),
  });
}

describe('a signed call', () => {
  test('lets the customer in at the entry of its path, with its data', async () => {
    const api = await withWebhooks();
    const { status, body: answer } = await call(api);
    expect([status, answer]).toEqual([202, { instance: answer.instance, repeated: false }]);
    await api.settle();
    const instance = await api.call('GET', `/v1/instances/${answer.instance}`);
    expect(instance.body).toMatchObject({
      journey: 'signed',
      customer_id: 'c1',
      status: 'waiting',
    });
  });

  test.each<[string, unknown, Signing]>([
    ['signed with another secret', body, { with: 'something else' }],
    ['too old', body, { at: Date.parse('2025-12-31T23:54:00Z') }],
    ['from the future', body, { at: Date.parse('2026-01-01T00:06:00Z') }],
    ['for a path that nobody answers at', body, { path: '/hooks/T1/nowhere' }],
    ['for a path that has no secret', body, { path: '/hooks/T1/open' }],
    ['for a path of another tenant', body, { path: '/hooks/T2/crm/lead' }],
    ['for a tenant that does not exist', body, { path: '/hooks/T9/crm/lead' }],
    ['for a path longer than any', body, { path: `/hooks/T1/${'x'.repeat(2_000)}` }],
    ['not JSON, and wrongly signed', 'not json', { with: 'something else' }],
  ])('is refused when it is %s, in the same words', async (_, sent, signing) => {
    const api = await withWebhooks();
    api.table.groups.length = 0;
    const { status, body: answer } = await call(api, sent, signing);
    expect([status, answer]).toEqual([
      401,
      {
        error: {
          code: 'webhook.signature',
          message:
            'There is no such webhook, or the header "kalcifer-signature" is missing, wrong, or too old.',
        },
      },
    ]);
    expect(api.table.groups).toEqual([]);
  });

  test('without a signature is refused, also with a key', async () => {
    const api = await withWebhooks();
    const bare = await api.call('POST', '/hooks/T1/crm/lead', body, { 'x-api-key': '' });
    const keyed = await api.call('POST', '/v1/webhooks/crm/lead', body);
    expect([bare.status, keyed.status]).toEqual([401, 401]);
  });

  test('of a body that was changed on the way is refused', async () => {
    const api = await withWebhooks();
    const { status } = await api.call(
      'POST',
      '/hooks/T1/crm/lead',
      { ...body, customer_id: 'c2' },
      { 'kalcifer-signature': signWebhook(secret, JSON.stringify(body), api.clock.now()) },
    );
    expect(status).toBe(401);
  });

  test('ignores a tenant in the body', async () => {
    const api = await withWebhooks();
    const { body: answer } = await call(api, { ...body, tenant: 'T2', tenant_id: 'T2' });
    const other = { 'x-api-key': api.keys.T2 };
    const seen = await api.call('GET', `/v1/instances/${answer.instance}`, undefined, other);
    expect(seen.status).toBe(404);
    expect((await api.call('GET', `/v1/instances/${answer.instance}`)).status).toBe(200);
  });

  test.each([
    ['{"customer_id":"c1"', 'body.malformed'],
    ['', 'body.malformed'],
    ['{}', 'input.invalid'],
    ['{"customer_id":null}', 'input.invalid'],
    ['{"customer_id":" "}', 'input.invalid'],
    ['{"customer_id":"c1","data":[]}', 'input.invalid'],
  ])('that says %s is malformed, and nothing is stored', async (text, code) => {
    const api = await withWebhooks();
    api.table.groups.length = 0;
    const { status, body: answer } = await call(api, text);
    expect([status, answer.error.code]).toEqual([400, code]);
    expect(api.table.groups).toEqual([]);
  });
});

describe('a delivery', () => {
  test('that is repeated does nothing, also after the customer has left', async () => {
    const api = await withWebhooks();
    const first = await call(api, body, { delivery: 'd1' });
    const again = await call(api, body, { delivery: 'd1' });
    expect(again.body).toEqual({ instance: first.body.instance, repeated: true });
    await api.call('POST', `/v1/instances/${first.body.instance}/cancel`);
    expect((await call(api, body, { delivery: 'd1' })).body.repeated).toBe(true);
    const next = await call(api, body, { delivery: 'd2' });
    expect([next.status, next.body.repeated]).toEqual([202, false]);
  });

  test('that somebody overheard and replays does nothing', async () => {
    const api = await withWebhooks();
    const first = await call(api);
    await api.call('POST', `/v1/instances/${first.body.instance}/cancel`);
    expect((await call(api)).body).toEqual({ instance: first.body.instance, repeated: true });
  });

  test('that comes many times at once lets the customer in once', async () => {
    const api = await withWebhooks();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(api, body, { delivery: 'd1' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.body.instance)).size).toBe(1);
    expect(answers.filter((answer) => answer.body.repeated === false)).toHaveLength(1);
  });

  test('that finds the customer in the journey is refused, and may come again later', async () => {
    const api = await withWebhooks();
    const first = await call(api, body, { delivery: 'd1' });
    const refused = await call(api, body, { delivery: 'd2' });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'instance.already_in_journey']);
    await api.call('POST', `/v1/instances/${first.body.instance}/cancel`);
    expect((await call(api, body, { delivery: 'd2' })).body.repeated).toBe(false);
  });

  test('of one path is not that of another', async () => {
    const api = await withWebhooks();
    await call(api, body, { delivery: 'd1' });
    const other = await api.call('POST', '/v1/webhooks/open', body, { 'idempotency-key': 'd1' });
    expect(other.body.repeated).toBe(false);
  });
});

describe('a call with a key', () => {
  test('lets the customer in where no secret is asked for', async () => {
    const api = await withWebhooks();
    const { status, body: answer } = await api.call('POST', '/v1/webhooks/open', body);
    expect([status, answer.repeated]).toEqual([202, false]);
    const timeline = await api.call('GET', `/v1/instances/${answer.instance}`);
    expect(timeline.body).toMatchObject({ journey: 'open' });
  });

  test('is refused without one', async () => {
    const api = await withWebhooks();
    const { status } = await api.call('POST', '/v1/webhooks/open', body, { 'x-api-key': '' });
    expect(status).toBe(401);
  });

  test('finds the webhooks of its own tenant and no others', async () => {
    const api = await withWebhooks();
    const other = { 'x-api-key': api.keys.T2 };
    for (const path of ['/v1/webhooks/open', '/v1/webhooks/crm/lead', '/v1/webhooks/nowhere']) {
      const { status, body: answer } = await api.call('POST', path, body, other);
      expect([status, answer.error.code]).toEqual([404, 'webhook.unknown']);
    }
  });

  test('of a journey that takes nobody in is refused', async () => {
    const api = await withWebhooks();
    await api.call('POST', '/v1/journeys/open/pause');
    const { status, body: answer } = await api.call('POST', '/v1/webhooks/open', body);
    expect([status, answer.error.code]).toEqual([422, 'journey.not_active']);
  });
});

test('both doors are in the OpenAPI document', async () => {
  const api = await apiHarness();
  const { body: document } = await api.call('GET', '/openapi.json');
  expect(document.paths['/hooks/{tenant}/{path}'].post.security).toEqual([]);
  expect(document.paths['/v1/webhooks/{path}'].post.responses).toHaveProperty('202');
});
