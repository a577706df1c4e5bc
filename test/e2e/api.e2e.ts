/** The HTTP API behind API Gateway: its keys, its usage plans, and that requests reach the engine as they were sent. */
import {
  APIGatewayClient,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, inject, it } from 'vitest';
import { addressOf } from '../../bin/api-client.ts';
import { deployedApi } from './support/public-aws.ts';

const place = inject('place');
const { apiUrl, stage, outputs } = place;

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(addressOf(apiUrl, path), { headers });

describe.concurrent('the API behind the gateway', () => {
  it('tells without a key that it is well, and what it can do', async () => {
    const health = await get('/health');
    expect([health.status, await health.json()]).toEqual([
      200,
      { status: 'ok', release: expect.any(String) },
    ]);
    const description = (await (await get('/openapi.json')).json()) as { paths: object };
    expect(Object.keys(description.paths)).toContain('/v1/events');
  });

  it.each([
    ['without a key', {}],
    ['with a key that nobody has', { 'x-api-key': 'made-up' }],
  ])('does not let anybody in %s', async (_, headers) => {
    const answer = await get('/v1/journeys', headers);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: { code: 'key.unknown', message: expect.any(String) } },
    ]);
  });

  it('gives each tenant a usage plan with a key of its own', async () => {
    const gateway = new APIGatewayClient({});
    const { items: plans = [] } = await gateway.send(new GetUsagePlansCommand({ limit: 100 }));
    for (const tenant of place.tenants) {
      const plan = plans.find(({ name }) => name === `kalcifer-${stage}-${tenant}`);
      expect(plan?.throttle?.rateLimit).toBeGreaterThan(0);
      const { items: keys } = await gateway.send(
        new GetUsagePlanKeysCommand({ usagePlanId: plan?.id }),
      );
      expect(keys?.map(({ id }) => id)).toEqual([
        outputs[`ApiKeyId${tenant.charAt(0).toUpperCase()}${tenant.slice(1)}`],
      ]);
    }
  });

  it('shows a tenant the journeys that were deployed for it', async () => {
    for (const tenant of place.tenants) {
      const api = await deployedApi(place, tenant);
      const { journeys } = await api.call<{ journeys: readonly { id: string; status: string }[] }>(
        'GET',
        '/v1/journeys',
      );
      expect(journeys).toMatchObject([
        { id: 'abandoned-cart', status: 'active', active_version: 1 },
        { id: 're-engagement', status: 'active', active_version: 1 },
        { id: 'welcome', status: 'active', active_version: 1 },
      ]);
      const { templates } = await api.call<{ templates: readonly object[] }>(
        'GET',
        '/v1/templates',
      );
      expect(templates.length).toBeGreaterThan(3);
    }
  });

  it('tells everything that is wrong with a graph, and publishes nothing', async () => {
    const api = await deployedApi(place, 'acme');
    await expect(
      api.call('POST', '/v1/journeys/broken/publish', { graph: { nodes: [], edges: [] } }),
    ).rejects.toMatchObject({ code: 'journey.invalid' });
    await expect(api.call('GET', '/v1/journeys/broken')).rejects.toMatchObject({
      code: 'journey.unknown',
    });
  });

  it('passes ids with any characters on as they are', async () => {
    const api = await deployedApi(place, 'acme');
    const id = 'b c?d=1&é#';
    await api.call('PUT', `/v1/customers/${encodeURIComponent(id)}`, { name: 'Ünïcode ✓' });
    expect(await api.call('GET', `/v1/customers/${encodeURIComponent(id)}`)).toMatchObject({
      id,
      name: 'Ünïcode ✓',
    });
  });

  it('takes many events at once', async () => {
    const api = await deployedApi(place, 'acme');
    const events = Array.from({ length: 100 }, (_, n) => ({
      customer_id: `batch-${n}`,
      type: 'unheard',
    }));
    const { results } = await api.call<{ results: readonly object[] }>('POST', '/v1/events/batch', {
      events: [...events.slice(1), { customer_id: '' }],
    });
    expect(results).toHaveLength(100);
    expect(results[0]).toMatchObject({ routed: 0, enrolled: [] });
    expect(results.at(-1)).toMatchObject({ error: { code: 'input.invalid' } });
  });
});
