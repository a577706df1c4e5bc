import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { serveApi } from '../../lambdas/api/handler.ts';
import type { Json } from '../../lib/json.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { simpleJourney } from '../support/graphs.ts';
import { call, watchLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const address = 'ada.lovelace@example.com';

let h: ApiHarness;

beforeEach(async () => {
  h = await apiHarness();
  await h.call('POST', '/v1/journeys/J/publish', { graph: simpleJourney() });
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly key?: string;
  readonly body?: Json;
  readonly query?: Record<string, string[]>;
}

/** As API Gateway's REST proxy hands it over. */
function proxied({
  method = 'GET',
  path = '/health',
  key,
  body,
  query,
}: Sent): Record<string, Json> {
  const headers = {
    'content-type': ['application/json'],
    Host: ['abc.execute-api.eu-west-1.amazonaws.com'],
    ...(key === undefined ? {} : { 'X-Api-Key': [key] }),
  };
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, [value]]) => [name, value])),
    multiValueHeaders: headers,
    queryStringParameters: null,
    multiValueQueryStringParameters: query ?? null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: { stage: 'api', path: `/api${path}`, identity: { sourceIp: '203.0.113.9' } },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
  };
}

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Record<string, string[]>;
}

async function ask(event: Json): Promise<Answer> {
  const outcome = await call(
    serveApi(() => h.ctx),
    event,
  );
  if ('error' in outcome) throw outcome.error;
  const { statusCode, body, multiValueHeaders } = outcome.answer;
  return {
    status: statusCode,
    body: body === '' ? '' : (JSON.parse(body) as Json),
    headers: multiValueHeaders as Record<string, string[]>,
  };
}

describe('api', () => {
  it('serves the API to the tenant of the key', async () => {
    const enrolled = await ask(
      proxied({
        method: 'POST',
        path: '/v1/events',
        key: h.keys.T1,
        body: { customer_id: 'c1', type: 'signed_up' },
      }),
    );
    expect(enrolled).toMatchObject({ status: 202, body: { enrolled: [expect.any(String)] } });
    expect(enrolled.headers['content-type']).toEqual(['application/json']);
    const query = { limit: ['5'] };
    const path = '/v1/journeys/J/instances';
    expect(await ask(proxied({ path, key: h.keys.T1, query }))).toMatchObject({
      body: { instances: [{ customer_id: 'c1' }] },
    });
    expect(await ask(proxied({ path, key: h.keys.T2, query }))).toMatchObject({ status: 404 });
    expect(await ask(proxied({ path, query }))).toMatchObject({
      status: 401,
      body: { error: { code: 'key.missing' } },
    });
  });

  it('reads ids from the path as they were escaped, and queries as API Gateway decoded them', async () => {
    const put = { method: 'PUT', key: h.keys.T1, body: { name: 'Ada' } };
    await ask(proxied({ ...put, path: '/v1/customers/a%2Fb%20c' }));
    const { status, body } = await ask(
      proxied({ path: '/v1/customers/a%2Fb%20c', key: h.keys.T1 }),
    );
    expect({ status, body }).toMatchObject({ status: 200, body: { id: 'a/b c' } });
  });

  it('takes a body in base64', async () => {
    const text = JSON.stringify({ customer_id: 'zoë', type: 'signed_up' });
    const event = {
      ...proxied({ method: 'POST', path: '/v1/events', key: h.keys.T1 }),
      body: Buffer.from(text, 'utf8').toString('base64'),
      isBase64Encoded: true,
    };
    expect((await ask(event)).status).toBe(202);
  });

  it('refuses a body that is too large, and passes over one that a GET has', async () => {
    const post = { method: 'POST', path: '/v1/events', key: h.keys.T1 };
    expect((await ask(proxied({ ...post, body: `"${'x'.repeat(1_100_000)}"` }))).status).toBe(413);
    expect((await ask(proxied({ body: 'anything' }))).status).toBe(200);
  });

  it('says so when an answer is larger than Lambda hands over', async () => {
    // Each quotation mark is written as two characters once more.
    const body = '"'.repeat(199_000);
    for (let at = 0; at < 10; at += 1) {
      await h.call('PUT', `/v1/templates/t${at}`, { channel: 'sms', body });
    }
    const templates = proxied({ path: '/v1/templates', key: h.keys.T1 });
    expect(await ask(templates)).toMatchObject({
      status: 413,
      body: { error: { code: 'answer.too_large' } },
    });
    const one = proxied({ path: '/v1/templates/t1', key: h.keys.T1 });
    expect(await ask(one)).toMatchObject({ status: 200, body: { body } });
  });

  it('takes names of headers as long as API Gateway does', async () => {
    const event = proxied({});
    const headers = { ...(event.multiValueHeaders as object), [`x-${'a'.repeat(5_000)}`]: ['1'] };
    expect((await ask({ ...event, multiValueHeaders: headers })).status).toBe(200);
  });

  it('answers any request, or refuses it by name', async () => {
    const log = watchLog();
    const anyRequest = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc
        .record({
          method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
          path: fc.constantFrom(
            '/v1/events',
            '/v1/customers/c1',
            '/v1/journeys/J/publish',
            '/v1/journeys/J/instances',
            '/webhooks/x',
            '/callbacks/T1/ses',
            '//',
            '/%',
            '/../v1/events',
          ),
          body: fc.oneof(
            fc.constant({ customer_id: 'c1', type: 'signed_up', data: { email: address } }),
            fc.jsonValue(),
          ),
        })
        .chain((sent) => mutated(proxied({ ...sent, key: h.keys.T1 }))),
    );
    await fc.assert(
      fc.asyncProperty(anyRequest, async (event) => {
        const outcome = await call(
          serveApi(() => h.ctx),
          event,
        );
        if ('answer' in outcome) expect(outcome.answer.statusCode).toBeLessThan(500);
        countScenario('any JSON gives an answer or one of our codes', { name: 'api', event });
      }),
      { numRuns: 400 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
    expect(log.text()).not.toContain(address);
    expect(log.text()).not.toContain(h.keys.T1);
  });
});
