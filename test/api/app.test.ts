import { beforeEach, describe, expect, it } from 'vitest';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { simpleEmailJourney } from '../support/graphs.ts';

let api: ApiHarness;

beforeEach(async () => {
  api = await apiHarness();
});

/** The welcome journey with its mails written in the nodes, so that no template is needed. */
function inlineJourney(): object {
  const drawn = simpleEmailJourney();
  return {
    ...drawn,
    nodes: drawn.nodes.map((node) =>
      node.type === 'send_email'
        ? { ...node, config: { subject: 'Hello {{ customer.name }}', body: '<p>Hello!</p>' } }
        : node,
    ),
  };
}

async function published(): Promise<void> {
  expect(
    (await api.call('POST', '/v1/journeys/J/publish', { graph: inlineJourney() })).status,
  ).toBe(201);
  await api.call('PUT', '/v1/customers/c1', { email: 'c1@example.com', name: 'Ada' });
}

describe('a journey over HTTP', () => {
  it('is published, entered, woken and told as a timeline', async () => {
    await published();
    const entered = await api.call('POST', '/v1/events', { customer_id: 'c1', type: 'signed_up' });
    expect(entered.status).toBe(202);
    expect(entered.body).toMatchObject({ routed: 0, enrolled: [expect.any(String)] });
    await api.settle();
    const [id] = entered.body.enrolled as string[];

    const waiting = await api.call('GET', `/v1/instances/${id}`);
    expect(waiting.body).toEqual({
      id,
      journey: 'J',
      version: 1,
      customer_id: 'c1',
      status: 'waiting',
      positions: ['wait_1'],
      deadlines: { wait_1: '2026-01-04T00:00:00.000Z' },
      entered_at: '2026-01-01T00:00:00.000Z',
    });
    expect((await api.call('GET', '/v1/outbox')).body.messages).toMatchObject([
      { to: 'c1@example.com', subject: 'Hello Ada', body: '<p>Hello!</p>', customer_id: 'c1' },
    ]);

    const woken = await api.call('POST', '/v1/events', { customer_id: 'c1', type: 'email_opened' });
    expect(woken.body.routed).toBe(1);
    await api.settle();
    const timeline = await api.call('GET', `/v1/instances/${id}/timeline`);
    expect(timeline.body.instance.status).toBe('completed');
    expect(timeline.body.steps.map((step: { node: string }) => step.node)).toEqual([
      'entry_1',
      'email_1',
      'wait_1',
      'goal_1',
    ]);
    expect(timeline.body.steps[1].delivery).toEqual({ channel: 'email', status: 'sent' });
    expect(timeline.body.steps[2]).toMatchObject({
      branch: 'event_received',
      notes: ['the event email_opened came in time, so event_received'],
    });
  });

  it('enrols by hand, lists, and takes out again', async () => {
    await published();
    const enrolled = await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
    expect(enrolled.status).toBe(201);
    await api.settle();
    const id = enrolled.body.instance as string;
    const again = await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
    expect([again.status, again.body.error.code]).toEqual([409, 'instance.already_in_journey']);

    expect(
      (await api.call('GET', '/v1/journeys/J/instances?limit=10')).body.instances,
    ).toMatchObject([{ id, status: 'waiting' }]);
    expect((await api.call('GET', '/v1/customers/c1/instances')).body.instances).toMatchObject([
      { id },
    ]);
    const cancelled = await api.call('POST', `/v1/instances/${id}/cancel`);
    expect(cancelled.body).toMatchObject({
      status: 'exited',
      exit_reason: 'cancelled_by_operator',
    });
    const twice = await api.call('POST', `/v1/instances/${id}/cancel`);
    expect([twice.status, twice.body.error.code]).toEqual([409, 'instance.invalid_transition']);
  });

  it('pages through the instances of a journey', async () => {
    await published();
    for (const customer of ['a', 'b', 'c']) {
      await api.call('POST', '/v1/journeys/J/instances', { customer_id: customer });
    }
    const first = await api.call('GET', '/v1/journeys/J/instances?limit=2');
    expect(first.body.instances).toHaveLength(2);
    const second = await api.call(
      'GET',
      `/v1/journeys/J/instances?limit=2&after=${first.body.next}`,
    );
    expect(second.body.instances).toHaveLength(1);
    expect(second.body.next).toBeUndefined();
  });

  it('receives each event of a batch on its own', async () => {
    await published();
    const answer = await api.call('POST', '/v1/events/batch', {
      events: [
        { customer_id: 'c1', type: 'signed_up' },
        { customer_id: '', type: 'signed_up' },
        { type: 'signed_up' },
        { customer_id: 'c2', type: 'nobody_waits' },
      ],
    });
    expect(answer.status).toBe(202);
    expect(answer.body.results).toMatchObject([
      { enrolled: [expect.any(String)] },
      { error: { code: 'input.invalid' } },
      { error: { code: 'input.invalid' } },
      { routed: 0, enrolled: [] },
    ]);
  });

  it('keeps invalid drafts, refuses to publish them, and changes nothing then', async () => {
    const draft = await api.call('PUT', '/v1/journeys/J/draft', {
      graph: { nodes: [], edges: [] },
    });
    expect(draft.body).toMatchObject({ version: 1, status: 'draft' });
    const refused = await api.call('POST', '/v1/journeys/J/publish', {});
    expect(refused.status).toBe(422);
    expect(refused.body.error).toMatchObject({
      code: 'journey.invalid',
      problems: [{ code: 'graph.no_entry', message: expect.stringContaining('entry') as string }],
    });
    expect((await api.call('GET', '/v1/journeys/J')).body).toMatchObject({
      status: 'draft',
      latest_version: 1,
    });
    await api.call('PUT', '/v1/journeys/J/draft', { graph: inlineJourney() });
    expect((await api.call('POST', '/v1/journeys/J/publish', {})).body).toMatchObject({
      version: 1,
    });
    expect((await api.call('POST', '/v1/journeys/J/publish', {})).body.error.code).toBe(
      'journey.no_draft',
    );
    await api.call('POST', '/v1/journeys/J/publish', { graph: inlineJourney() });
    expect((await api.call('GET', '/v1/journeys')).body.journeys).toMatchObject([
      { id: 'J', status: 'active', active_version: 2, latest_version: 2 },
    ]);
    const versions = await api.call('GET', '/v1/journeys/J/versions');
    expect(versions.body.versions.map((one: { status: string }) => one.status)).toEqual([
      'deprecated',
      'published',
    ]);
    expect((await api.call('GET', '/v1/journeys/J/versions/2')).body.graph.nodes).toHaveLength(6);
    const machine = await api.call('GET', '/v1/journeys/J/versions/2/state-machine');
    expect(machine.body.StartAt).toBe('(start)');
  });

  it('merges what is known of a customer', async () => {
    await api.call('PUT', '/v1/customers/c1', {
      email: 'a@b.c',
      properties: { plan: 'free', age: 3 },
    });
    const merged = await api.call('PUT', '/v1/customers/c1', {
      properties: { plan: 'pro' },
      tags: ['x'],
    });
    expect(merged.body).toEqual({
      id: 'c1',
      email: 'a@b.c',
      properties: { plan: 'pro', age: 3 },
      preferences: {},
      tags: ['x'],
    });
    expect((await api.call('GET', '/v1/customers/c1')).body).toEqual(merged.body);
  });
});

describe('bad input', () => {
  it.each([
    ['a missing customer', { type: 'x' }],
    ['a blank customer', { customer_id: '  ', type: 'x' }],
    ['a customer that is no text', { customer_id: 7, type: 'x' }],
    ['a null customer', { customer_id: null, type: 'x' }],
    ['a missing type', { customer_id: 'c' }],
    ['a blank type', { customer_id: 'c', type: '' }],
    ['data that is no object', { customer_id: 'c', type: 'x', data: 'y' }],
    ['no object', [1, 2]],
  ])('answers 400 to %s and stores nothing', async (_what, body) => {
    const { status, body: answer } = await api.call('POST', '/v1/events', body);
    expect(status).toBe(400);
    expect(answer.error.code).toBe('input.invalid');
    expect(answer.error.problems.length).toBeGreaterThan(0);
    expect(api.table.groups).toEqual([]);
  });

  it.each([
    ['{"customer_id":"c",\n "type":}', 28, 'line 2, column 9'],
    ['{"customer_id":"c"', 18, 'line 1, column 19'],
  ])('says where malformed JSON goes wrong: %j', async (text, position, place) => {
    const { status, body } = await api.call('POST', '/v1/events', text);
    expect(status).toBe(400);
    expect(body.error.code).toBe('body.malformed');
    expect(body.error.message).toContain(`position ${position}`);
    expect(body.error.message).toContain(place);
    expect(api.table.groups).toEqual([]);
  });

  it('says that a body is missing', async () => {
    const { status, body } = await api.call('POST', '/v1/events');
    expect([status, body.error]).toEqual([
      400,
      { code: 'body.malformed', message: 'The body is empty; send a JSON object.' },
    ]);
  });

  it('answers 413 to a body that is too large', async () => {
    const data = { text: 'x'.repeat(1024 * 1024) };
    const { status, body } = await api.call('POST', '/v1/events', {
      customer_id: 'c',
      type: 'x',
      data,
    });
    expect([status, body.error.code]).toEqual([413, 'body.too_large']);
    expect(api.table.groups).toEqual([]);
  });

  it('tells every problem of a graph', async () => {
    const graph = {
      nodes: [
        { id: 'in', type: 'event_entry', config: { event_type: 'go' } },
        { id: 'w', type: 'wait', config: { duration: 'soon' } },
        { id: 'lost', type: 'exit' },
      ],
      edges: [
        { source: 'in', target: 'w' },
        { source: 'w', target: 'nowhere' },
      ],
    };
    const { status, body } = await api.call('POST', '/v1/journeys/J/publish', { graph });
    expect(status).toBe(422);
    expect(body.error.problems.map((problem: { code: string }) => problem.code).toSorted()).toEqual(
      ['graph.node_config', 'graph.unknown_node', 'graph.unreachable'],
    );
    expect((await api.call('GET', '/v1/journeys/J')).status).toBe(404);
  });

  it('refuses a graph whose template nobody wrote', async () => {
    const { status, body } = await api.call('POST', '/v1/journeys/J/publish', {
      graph: simpleEmailJourney(),
    });
    expect(status).toBe(422);
    expect(
      body.error.problems.map(({ code, node }: { code: string; node: string }) => [code, node]),
    ).toEqual([
      ['graph.template_unknown', 'email_1'],
      ['graph.template_unknown', 'email_2'],
    ]);
  });

  it('answers 404 to what does not exist', async () => {
    for (const path of [
      '/v1/journeys/none',
      '/v1/journeys/none/versions',
      '/v1/journeys/none/instances',
      '/v1/instances/none',
      '/v1/instances/none/timeline',
      '/v1/customers/none',
      '/v1/nothing',
    ]) {
      const { status, body } = await api.call('GET', path);
      expect([path, status, typeof body.error.code]).toEqual([path, 404, 'string']);
    }
    expect(
      (await api.call('POST', '/v1/journeys/none/instances', { customer_id: 'c' })).status,
    ).toBe(404);
    expect((await api.call('POST', '/v1/instances/none/cancel')).status).toBe(404);
  });

  it('answers 422 when nobody can be taken in', async () => {
    await api.call('PUT', '/v1/journeys/J/draft', { graph: inlineJourney() });
    const { status, body } = await api.call('POST', '/v1/journeys/J/instances', {
      customer_id: 'c',
    });
    expect([status, body.error.code]).toEqual([422, 'journey.not_active']);
    await published();
    const wrong = await api.call('POST', '/v1/journeys/J/instances', {
      customer_id: 'c',
      entry: 'x',
    });
    expect([wrong.status, wrong.body.error.code]).toEqual([422, 'journey.entry_unknown']);
  });
});

describe('keys', () => {
  it('answers 401 without a key and with one that is not known', async () => {
    const without = await api.call('GET', '/v1/journeys', undefined, { 'x-api-key': '' });
    expect(without.body.error.code).toMatch(/^key\./);
    expect(without.status).toBe(401);
    const unknown = await api.call('GET', '/v1/journeys', undefined, { 'x-api-key': 'kal_nope' });
    expect([unknown.status, unknown.body.error.code]).toEqual([401, 'key.unknown']);
  });

  it('takes a bearer token as well', async () => {
    const { status } = await api.call('GET', '/v1/journeys', undefined, {
      'x-api-key': api.keys.T1,
      authorization: `Bearer ${api.keys.T1}`,
    });
    expect(status).toBe(200);
  });

  it('stores no key, only its hash', async () => {
    const { keys, table } = api;
    const items = await Promise.all(
      ['T1', 'T2'].map((tenant) => table.query({ pk: `${tenant}#journeys`, limit: 10 })),
    );
    expect(JSON.stringify(items)).not.toContain(keys.T1);
  });

  it('takes the tenant from the key, whatever the body says, and shows nothing of another tenant', async () => {
    await published();
    const { body } = await api.call('POST', '/v1/events', {
      customer_id: 'c1',
      type: 'signed_up',
      tenant: 'T2',
      tenant_id: 'T2',
    });
    await api.settle();
    const [id] = body.enrolled as string[];
    expect((await api.call('GET', `/v1/instances/${id}`)).status).toBe(200);
    const asT2 = { 'x-api-key': api.keys.T2 };
    for (const path of [
      '/v1/journeys/J',
      '/v1/journeys/J/versions',
      '/v1/journeys/J/versions/1',
      '/v1/journeys/J/versions/1/state-machine',
      '/v1/journeys/J/instances',
      `/v1/instances/${id}`,
      `/v1/instances/${id}/timeline`,
      '/v1/customers/c1',
    ]) {
      const { status } = await api.call('GET', path, undefined, asT2);
      expect([path, status]).toEqual([path, 404]);
    }
    expect((await api.call('POST', `/v1/instances/${id}/cancel`, undefined, asT2)).status).toBe(
      404,
    );
    expect((await api.call('GET', '/v1/journeys', undefined, asT2)).body).toEqual({ journeys: [] });
    expect((await api.call('GET', '/v1/outbox', undefined, asT2)).body.messages).toEqual([]);
    expect(
      (await api.call('GET', '/v1/customers/c1/instances', undefined, asT2)).body.instances,
    ).toEqual([]);
    const event = { customer_id: 'c1', type: 'email_opened' };
    expect((await api.call('POST', '/v1/events', event, asT2)).body.routed).toBe(0);
  });
});

describe('bad luck', () => {
  it('answers 503 with Retry-After while the store is away, and goes on when it is back', async () => {
    await published();
    api.table.failWith(new KalciferError('table.unavailable', 'The store does not answer.'));
    const away = await api.call('POST', '/v1/events', { customer_id: 'c1', type: 'signed_up' });
    expect([away.status, away.body.error.code]).toEqual([503, 'table.unavailable']);
    expect(away.headers.get('retry-after')).toBe('1');
    api.table.failWith(undefined);
    const back = await api.call('POST', '/v1/events', { customer_id: 'c1', type: 'signed_up' });
    expect(back.body.enrolled).toHaveLength(1);
  });

  it('answers 500 without a word of what went wrong inside, and reports it', async () => {
    api.table.failWith(new Error('secret detail'));
    const { status, body } = await api.call('GET', '/v1/journeys');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(api.reported).toHaveLength(1);
  });
});

describe('what the API says of itself', () => {
  it('answers health without a key', async () => {
    const { status, body } = await api.call('GET', '/health', undefined, { 'x-api-key': '' });
    expect([status, body]).toEqual([200, { status: 'ok', release: '0.0.0-test' }]);
  });

  it('describes every route in OpenAPI 3.1, made from the schemas that check requests', async () => {
    const { body } = await api.call('GET', '/openapi.json', undefined, { 'x-api-key': '' });
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths as object).toSorted()).toEqual([
      '/callbacks/{tenant}/{provider}',
      '/health',
      '/hooks/{tenant}/{path}',
      '/v1/customers/{customer}',
      '/v1/customers/{customer}/inbox',
      '/v1/customers/{customer}/inbox/{message}/read',
      '/v1/customers/{customer}/instances',
      '/v1/events',
      '/v1/events/batch',
      '/v1/frequency-caps',
      '/v1/instances/{instance}',
      '/v1/instances/{instance}/cancel',
      '/v1/instances/{instance}/pause',
      '/v1/instances/{instance}/resume',
      '/v1/instances/{instance}/timeline',
      '/v1/journeys',
      '/v1/journeys/{journey}',
      '/v1/journeys/{journey}/archive',
      '/v1/journeys/{journey}/draft',
      '/v1/journeys/{journey}/instances',
      '/v1/journeys/{journey}/instances/batch',
      '/v1/journeys/{journey}/instances/pause',
      '/v1/journeys/{journey}/instances/resume',
      '/v1/journeys/{journey}/pause',
      '/v1/journeys/{journey}/publish',
      '/v1/journeys/{journey}/resume',
      '/v1/journeys/{journey}/versions',
      '/v1/journeys/{journey}/versions/{version}',
      '/v1/journeys/{journey}/versions/{version}/state-machine',
      '/v1/outbox',
      '/v1/secrets',
      '/v1/secrets/{secret}',
      '/v1/segments',
      '/v1/segments/{segment}',
      '/v1/segments/{segment}/customers',
      '/v1/segments/{segment}/customers/{customer}',
      '/v1/templates',
      '/v1/templates/{template}',
      '/v1/webhooks/{path}',
    ]);
    const event = body.components.schemas.Event;
    expect(event.required).toEqual(['customer_id', 'type']);
    expect(body.paths['/v1/events'].post.responses).toHaveProperty('400');
  });
});
