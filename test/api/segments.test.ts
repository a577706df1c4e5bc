/** Segments over HTTP: drawn, asked, listed, and deleted when nobody needs them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { exit } from '../support/kit.ts';

let api: ApiHarness;

beforeEach(async () => {
  api = await apiHarness();
});

const rule = { field: 'customer.properties.spent', op: 'gte', value: 100 };

async function spend(customer: string, spent: number): Promise<void> {
  const { status } = await api.call('PUT', `/v1/customers/${encodeURIComponent(customer)}`, {
    properties: { spent },
  });
  expect(status).toBe(200);
}

describe('a segment', () => {
  it('is saved, read, listed and replaced', async () => {
    const saved = await api.call('PUT', '/v1/segments/vip', { name: 'Big spenders', rule });
    const segment = {
      id: 'vip',
      name: 'Big spenders',
      rule,
      revision: 1,
      created_at: '2026-01-01T00:00:00.000Z',
      changed_at: '2026-01-01T00:00:00.000Z',
    };
    expect([saved.status, saved.body]).toEqual([200, segment]);
    expect((await api.call('GET', '/v1/segments/vip')).body).toEqual(segment);
    expect((await api.call('GET', '/v1/segments')).body).toEqual({ segments: [segment] });
    const replaced = await api.call('PUT', '/v1/segments/vip', { rule: { ...rule, value: 50 } });
    const { name: _name, ...unnamed } = segment;
    expect(replaced.body).toEqual({ ...unnamed, rule: { ...rule, value: 50 }, revision: 2 });
  });

  it('is refused with every problem of its rule, and nothing is stored', async () => {
    const refused = await api.call('PUT', '/v1/segments/vip', {
      name: ' ',
      rule: {
        any: [
          { field: 'event.total', op: 'gt', value: 5 },
          { field: 'customer.name', op: 'like', value: 'A' },
          { not: { field: 'customer.name' } },
        ],
      },
    });
    expect(refused.status).toBe(422);
    expect(refused.body.error.code).toBe('segment.invalid');
    expect(refused.body.error.problems).toEqual([
      {
        code: 'segment.name',
        path: 'name',
        message: 'name must be a text of 1 to 200 characters',
      },
      {
        code: 'segment.rule',
        path: 'rule.any[0].field',
        message: 'rule.any[0].field must begin with customer. (it is "event.total")',
      },
      {
        code: 'segment.rule',
        path: 'rule.any[1].op',
        message:
          'rule.any[1].op must be one of eq, neq, gt, gte, lt, lte, contains, in, not_in, exists',
      },
      {
        code: 'segment.rule',
        path: 'rule.any[2].not.value',
        message: 'rule.any[2].not.value is required',
      },
    ]);
    expect((await api.call('GET', '/v1/segments/vip')).status).toBe(404);
  });

  it.each([
    [{}, 400],
    [{ rule: null }, 422],
    [{ rule: [] }, 422],
    [{ rule: 'vip' }, 422],
  ])('without a rule (%o) is refused', async (body, status) => {
    expect((await api.call('PUT', '/v1/segments/vip', body)).status).toBe(status);
    expect((await api.call('GET', '/v1/segments')).body).toEqual({ segments: [] });
  });

  it('says of each customer whether they are in it, and why', async () => {
    await api.call('PUT', '/v1/segments/vip', { rule });
    await spend('c1', 120);
    await spend('c2', 80);
    expect((await api.call('GET', '/v1/segments/vip/customers/c1')).body).toEqual({
      is_in: true,
      because: 'customer.properties.spent is 120, at least 100',
    });
    expect((await api.call('GET', '/v1/segments/vip/customers/c2')).body).toEqual({
      is_in: false,
      because: 'customer.properties.spent is 80, not at least 100',
    });
    const unknown = await api.call('GET', '/v1/segments/vip/customers/c9');
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'customer.unknown']);
    const missing = await api.call('GET', '/v1/segments/nobody/customers/c1');
    expect([missing.status, missing.body.error.code]).toEqual([404, 'segment.unknown']);
  });

  it('lists who is in it, page by page', async () => {
    await api.call('PUT', '/v1/segments/vip', { rule });
    for (let at = 0; at < 9; at++) await spend(`c#${at}`, at % 2 === 0 ? 100 : 0);
    const pages: unknown[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const query: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const { body } = await api.call('GET', `/v1/segments/vip/customers?limit=2${query}`);
      pages.push(body.customers);
      next = body.next as string | undefined;
    }
    expect(pages).toEqual([['c#0', 'c#2'], ['c#4', 'c#6'], ['c#8']]);
    expect((await api.call('GET', '/v1/segments/nobody/customers')).status).toBe(404);
  });

  it('of another tenant does not exist', async () => {
    await api.call('PUT', '/v1/segments/vip', { rule });
    await spend('c1', 120);
    const other = { 'x-api-key': api.keys.T2 };
    for (const [method, path] of [
      ['GET', '/v1/segments/vip'],
      ['DELETE', '/v1/segments/vip'],
      ['GET', '/v1/segments/vip/customers'],
      ['GET', '/v1/segments/vip/customers/c1'],
    ] as const) {
      expect([path, (await api.call(method, path, undefined, other)).status]).toEqual([path, 404]);
    }
    await api.call('PUT', '/v1/segments/vip', { rule }, other);
    const theirs = await api.call('GET', '/v1/segments/vip/customers', undefined, other);
    expect(theirs.body).toEqual({ customers: [] });
  });
});

describe('deleting a segment', () => {
  const entering = drawGraph({ in: ['segment_entry', { segment_id: 'vip' }], out: exit }, [
    'in -> out',
  ]);
  const asking = drawGraph(
    {
      in: ['event_entry', { event_type: 'go' }],
      stay: ['wait', { duration: '3d' }],
      ask: ['check_segment', { segment_id: 'vip' }],
      out: exit,
    },
    ['in -> stay', 'stay -> ask', 'ask -> out [true]', 'ask -> out [false]'],
  );
  const plain = drawGraph({ in: ['event_entry', { event_type: 'go' }], out: exit }, ['in -> out']);

  async function publish(journey: string, graph: object): Promise<void> {
    expect((await api.call('POST', `/v1/journeys/${journey}/publish`, { graph })).status).toBe(201);
  }

  beforeEach(async () => {
    await api.call('PUT', '/v1/segments/vip', { rule });
  });

  it('takes away one that nobody uses', async () => {
    const deleted = await api.call('DELETE', '/v1/segments/vip');
    expect([deleted.status, deleted.body]).toEqual([200, { segment: 'vip' }]);
    expect((await api.call('DELETE', '/v1/segments/vip')).status).toBe(404);
  });

  it('is refused while published journeys use it, which are named', async () => {
    await publish('J', entering);
    await publish('K', asking);
    const refused = await api.call('DELETE', '/v1/segments/vip');
    expect([refused.status, refused.body.error]).toEqual([
      409,
      { code: 'segment.in_use', message: 'Segment "vip" is used by "J", "K".' },
    ]);
  });

  it('is refused while somebody is on an older version that asks for it', async () => {
    await publish('K', asking);
    await api.call('POST', '/v1/events', { customer_id: 'c1', type: 'go' });
    await api.settle();
    await publish('K', plain);
    expect((await api.call('DELETE', '/v1/segments/vip')).status).toBe(409);
    const [instance] = (await api.call('GET', '/v1/customers/c1/instances')).body.instances;
    await api.call('POST', `/v1/instances/${instance.id}/cancel`);
    expect((await api.call('DELETE', '/v1/segments/vip')).status).toBe(200);
  });

  it('loses against publishing at the same time, or publishing loses against it', async () => {
    const [published, deleted] = await Promise.all([
      api.call('POST', '/v1/journeys/J/publish', { graph: entering }),
      api.call('DELETE', '/v1/segments/vip'),
    ]);
    expect([
      [201, 409],
      [422, 200],
    ]).toContainEqual([published.status, deleted.status]);
  });
});
