import { beforeEach, describe, expect, it, vi } from 'vitest';
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { publish } from '../../lib/engine/journeys/publish.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { entry, exit, mail } from '../support/kit.ts';

let api: ApiHarness;

beforeEach(async () => {
  api = await apiHarness();
});

const graph = drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']);

describe('frequency caps over HTTP', () => {
  it('are none at first, and as they were set afterwards, for this tenant alone', async () => {
    expect((await api.call('GET', '/v1/frequency-caps')).body).toEqual({ caps: [] });
    const set = await api.call('PUT', '/v1/frequency-caps', {
      caps: { email: { max: 3, window: '24h' }, all: { max: 5, window: '7d' } },
    });
    const stored = {
      caps: [
        { channel: 'all', max: 5, window: '1w' },
        { channel: 'email', max: 3, window: '1d' },
      ],
    };
    expect([set.status, set.body]).toEqual([200, stored]);
    expect((await api.call('GET', '/v1/frequency-caps')).body).toEqual(stored);
    expect((await api.call('PUT', '/v1/frequency-caps', stored)).body).toEqual(stored);
    const other = await api.call('GET', '/v1/frequency-caps', undefined, {
      'x-api-key': api.keys.T2,
    });
    expect(other.body).toEqual({ caps: [] });
  });

  it('that cannot be read are refused with every problem, and change nothing', async () => {
    const refused = await api.call('PUT', '/v1/frequency-caps', {
      caps: [{ channel: 'fax', max: 'x', window: '1d' }],
    });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'caps.invalid']);
    expect(refused.body.error.problems).toMatchObject([
      { path: 'caps[0].channel' },
      { path: 'caps[0].max', message: 'caps[0].max must be a number' },
    ]);
    expect((await api.call('PUT', '/v1/frequency-caps', {})).status).toBe(400);
    expect(api.table.groups).toEqual([]);
  });
});

describe('the settings of a journey over HTTP', () => {
  const publishWith = (body: object): ReturnType<ApiHarness['call']> =>
    api.call('POST', '/v1/journeys/J/publish', { graph, ...body });

  it('are published with the version and read with it', async () => {
    const published = await publishWith({
      frequency_caps: { max_messages: 1, time_window: '1d', channel: 'email' },
      reentry: { after: '48h' },
      entry_cap: 'requests',
    });
    expect(published.status).toBe(201);
    expect((await api.call('GET', '/v1/journeys/J/versions/1')).body).toMatchObject({
      frequency_caps: [{ channel: 'email', max: 1, window: '1d' }],
      reentry: { after: '2d' },
      entry_cap: 'requests',
    });
  });

  it('that are left out have their defaults', async () => {
    await publishWith({});
    expect((await api.call('GET', '/v1/journeys/J/versions/1')).body).toMatchObject({
      frequency_caps: [],
      reentry: 'after_completion',
      entry_cap: 'none',
    });
  });

  it('that cannot be read are refused, and nothing is published', async () => {
    const refused = await publishWith({ reentry: 'often', frequency_caps: [{}] });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'journey.invalid']);
    expect(refused.body.error.problems.map(({ path }: { path: string }) => path)).toEqual([
      'frequency_caps[0].max',
      'frequency_caps[0].window',
      'reentry',
    ]);
    expect((await api.call('GET', '/v1/journeys/J')).status).toBe(404);
  });

  it('turn customers away with 409 and 429', async () => {
    await publishWith({ reentry: 'never' });
    await api.call('PUT', '/v1/customers/c1', { email: 'c1@example.com' });
    const enter = (): ReturnType<ApiHarness['call']> =>
      api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
    expect((await enter()).status).toBe(201);
    await api.settle();
    const again = await enter();
    expect([again.status, again.body.error.code]).toEqual([409, 'instance.reentry_refused']);

    await publishWith({
      frequency_caps: { email: { max: 1, window: '1d' } },
      entry_cap: 'requests',
    });
    const capped = await enter();
    expect([capped.status, capped.body.error.code]).toEqual([429, 'customer.capped']);
  });
});

it('a webhook with a body is a request: it is turned away as one', async () => {
  const entries = drawGraph(
    { in: entry, hook: ['webhook_entry', { webhook_path: '/w' }], m: mail },
    ['in -> m', 'hook -> m'],
  );
  const settings = { frequency_caps: { email: { max: 1, window: '1d' } }, entry_cap: 'requests' };
  const of = { tenant: 'T1', journey: 'J', customer: 'c1' };
  await publish(api.ctx, { ...of, graph: entries, settings });
  await api.call('PUT', '/v1/customers/c1', { email: 'c1@example.com' });
  await enrol(api.ctx, of);
  await api.settle();
  const event = { id: 'e1', type: 'go', data: {} };
  await expect(enrol(api.ctx, { ...of, entry: 'hook', event })).rejects.toMatchObject({
    code: 'customer.capped',
  });
  await enrol(api.ctx, { ...of, entry: 'in', event });
});

describe('a batch enrolment over HTTP', () => {
  const path = '/v1/journeys/J/instances/batch';

  it('answers each item in order, and the same again when it is sent again', async () => {
    await api.call('POST', '/v1/journeys/J/publish', { graph });
    const items = [
      { customer_id: 'c1', id: 'i1' },
      { customer_id: 'c2', id: 'i2', entry: 'in', context: { from: 'import' } },
      { customer_id: 'c3', entry: 'nowhere' },
    ];
    const first = await api.call('POST', path, { items });
    expect(first.status).toBe(200);
    expect(first.body.results).toEqual([
      { instance: expect.any(String) },
      { instance: expect.any(String) },
      {
        error: {
          code: 'journey.entry_unknown',
          message: 'Journey "J" has no entry node "nowhere".',
        },
      },
    ]);
    expect((await api.call('POST', path, { items })).body).toEqual(first.body);
  });

  it('with anything malformed stores nothing', async () => {
    await api.call('POST', '/v1/journeys/J/publish', { graph });
    api.table.groups.length = 0;
    const refused = await api.call('POST', path, {
      items: [{ customer_id: 'c1' }, { customer_id: ' ' }, { entry: 'in' }],
    });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'input.invalid']);
    expect(refused.body.error.problems).toMatchObject([
      { path: 'items[1].customer_id' },
      { path: 'items[2].customer_id' },
    ]);
    expect((await api.call('POST', path, { items: [] })).status).toBe(400);
    expect(api.table.groups).toEqual([]);
  });

  it('is refused as a whole while the store is away, and done when it is sent again', async () => {
    await api.call('POST', '/v1/journeys/J/publish', { graph });
    const items = [{ customer_id: 'c1', id: 'i1' }];
    const spy = vi.spyOn(api.table, 'write');
    spy.mockRejectedValueOnce(new KalciferError('table.unavailable', 'The disk is full.'));
    expect((await api.call('POST', path, { items })).status).toBe(503);
    expect((await api.call('POST', path, { items })).body.results).toMatchObject([
      { instance: expect.any(String) },
    ]);
  });

  it('for the journey of another tenant finds nothing', async () => {
    await api.call('POST', '/v1/journeys/J/publish', { graph });
    const items = [{ customer_id: 'c1' }];
    const foreign = await api.call('POST', path, { items }, { 'x-api-key': api.keys.T2 });
    expect([foreign.status, foreign.body.error.code]).toEqual([404, 'journey.unknown']);
  });
});
