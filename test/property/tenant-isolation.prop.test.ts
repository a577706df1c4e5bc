/**
 * Property 14: nothing that one tenant does or has can be noticed by another, by any route, with equal ids everywhere. Two tenants
 * use the API in turns; then each is made to live its part again, alone: it must get the very same answers.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { countScenario } from '../support/scenario-count.ts';
import {
  marks,
  secretOf,
  surface,
  type Ask,
  type Asker,
  type TenantName,
} from '../support/tenant-surface.ts';

interface Turn extends Ask {
  readonly tenant: TenantName;
}

const routes = Object.keys(surface);
/** What moves customers is tried most, so that there is something to leak. */
const lively = [
  'POST /v1/events',
  'POST /v1/journeys/{journey}/instances',
  'POST /hooks/{tenant}/{path}',
  'POST /v1/webhooks/{path}',
  'PUT /v1/customers/{customer}',
];

const turn: fc.Arbitrary<Turn> = fc.record({
  tenant: fc.constantFrom<TenantName>('T1', 'T2'),
  route: fc.oneof(fc.constantFrom(...lively), fc.constantFrom(...routes)),
  customer: fc.constantFrom('c1', 'c2'),
  journey: fc.constantFrom('J', 'K'),
  type: fc.constantFrom('go', 'opened'),
  which: fc.nat(5),
  foreign: fc.boolean(),
  id: fc.constantFrom('e1', 'e2', 'e3'),
});

const anyAsk = { customer: 'c1', journey: 'J', type: 'go', which: 0, foreign: false, id: 'e1' };

/** Both set themselves up, in turns, and use every route once: chance would not bring it all about in the right order. */
const beginning: readonly Turn[] = [
  { route: 'PUT /v1/secrets/{secret}', which: 0 },
  { route: 'PUT /v1/secrets/{secret}', which: 1 },
  { route: 'PUT /v1/customers/{customer}' },
  { route: 'PUT /v1/journeys/{journey}/draft', journey: 'K' },
  { route: 'DELETE /v1/journeys/{journey}', journey: 'K' },
  { route: 'PUT /v1/templates/{template}' },
  { route: 'DELETE /v1/templates/{template}' },
  { route: 'PUT /v1/templates/{template}' },
  { route: 'PUT /v1/segments/{segment}' },
  { route: 'DELETE /v1/segments/{segment}' },
  { route: 'PUT /v1/segments/{segment}' },
  { route: 'POST /v1/journeys/{journey}/publish', which: 1 },
  { route: 'POST /v1/journeys/{journey}/instances' },
  { route: 'POST /callbacks/{tenant}/{provider}' },
  { route: 'POST /v1/instances/{instance}/pause' },
  { route: 'POST /v1/instances/{instance}/resume' },
  { route: 'POST /v1/customers/{customer}/inbox/{message}/read' },
  { route: 'POST /v1/journeys/{journey}/instances/pause' },
  { route: 'POST /v1/journeys/{journey}/instances/resume' },
  { route: 'POST /v1/journeys/{journey}/pause' },
  { route: 'POST /v1/journeys/{journey}/resume' },
  { route: 'POST /hooks/{tenant}/{path}', customer: 'c2' },
  { route: 'POST /v1/instances/{instance}/cancel' },
  { route: 'POST /v1/events' },
  { route: 'POST /v1/events/batch', type: 'opened' },
  { route: 'POST /v1/journeys/{journey}/publish', journey: 'L', which: 1 },
  { route: 'POST /v1/webhooks/{path}', journey: 'L', id: 'e2' },
  { route: 'POST /v1/journeys/{journey}/instances/batch', journey: 'L', customer: 'c2' },
  { route: 'POST /v1/journeys/{journey}/archive', journey: 'L' },
  { route: 'PUT /v1/frequency-caps', which: 2 },
  { route: 'DELETE /v1/secrets/{secret}' },
].flatMap((step) =>
  (['T1', 'T2'] as const).map((tenant): Turn => ({ ...anyAsk, ...step, tenant })),
);

/** Everything that a tenant can read, of every customer and journey. */
const reading = (tenant: TenantName): readonly Turn[] =>
  routes
    .filter((route) => route.startsWith('GET '))
    .flatMap((route) =>
      [0, 1, 2, 3, 4, 5].map((which) => ({
        ...anyAsk,
        tenant,
        route,
        which,
        customer: which % 2 === 0 ? 'c1' : 'c2',
        journey: which % 3 === 0 ? 'J' : 'K',
      })),
    );

interface Given {
  readonly ask: Turn;
  readonly status: number;
  readonly text: string;
}

/** Lives through the turns, and answers what each tenant was told. */
async function live(turns: readonly Turn[]): Promise<Record<TenantName, readonly Given[]>> {
  const api = await apiHarness();
  const given: Record<TenantName, Given[]> = { T1: [], T2: [] };
  const known: Record<TenantName, { instances: string[]; inbox: string[] }> = {
    T1: { instances: [], inbox: [] },
    T2: { instances: [], inbox: [] },
  };
  for (const ask of turns) {
    const { status, body } = await call(api, ask, askerOf(api, ask, known));
    await api.settle();
    api.clock.moveTo(api.clock.now() + 1);
    const text = JSON.stringify(body);
    given[ask.tenant].push({ ask, status, text });
    await learn(api, ask.tenant, known[ask.tenant]);
  }
  expect(api.reported).toEqual([]);
  return given;
}

const nobody = 'nobodynobodynobody00';

function askerOf(
  api: ApiHarness,
  { tenant, which, foreign }: Turn,
  known: Record<TenantName, { instances: string[]; inbox: string[] }>,
): Asker {
  const other: TenantName = tenant === 'T1' ? 'T2' : 'T1';
  const { instances, inbox } = known[foreign ? other : tenant];
  return {
    tenant,
    mark: marks[tenant],
    instance: instances[which % Math.max(instances.length, 1)] ?? nobody,
    inboxMessage: inbox[which % Math.max(inbox.length, 1)] ?? nobody,
    now: api.clock.now(),
    secret: secretOf(marks[foreign ? other : tenant]),
  };
}

function call(api: ApiHarness, ask: Turn, by: Asker): ReturnType<ApiHarness['call']> {
  const use = surface[ask.route];
  if (use === undefined) throw new Error(`no row for ${ask.route}`);
  const { path, body, headers = {} } = use(ask, by);
  const method = ask.route.split(' ')[0] ?? 'GET';
  return api.call(method, path, body, { 'x-api-key': api.keys[ask.tenant], ...headers });
}

/** Ids that the tenant could know: of its instances and of the messages in its inboxes. */
async function learn(
  api: ApiHarness,
  tenant: TenantName,
  known: { instances: string[]; inbox: string[] },
): Promise<void> {
  const key = { 'x-api-key': api.keys[tenant] };
  for (const customer of ['c1', 'c2']) {
    const read = (what: string) =>
      api.call('GET', `/v1/customers/${customer}/${what}`, undefined, key);
    const { instances } = (await read('instances')).body as {
      instances: { id: string; journey: string }[];
    };
    const { messages } = (await read('inbox')).body as {
      messages: { id: string; journey: string }[];
    };
    // Those that began at the same instant are listed by their ids, which differ from life to life.
    for (const { id } of instances.toSorted(byJourney))
      if (!known.instances.includes(id)) known.instances.push(id);
    for (const { id } of messages.toSorted(byJourney))
      if (!known.inbox.includes(id)) known.inbox.push(id);
  }
}

function byJourney(a: { readonly journey: string }, b: { readonly journey: string }): number {
  return a.journey < b.journey ? -1 : 1;
}

/** Ids that are made by chance differ from life to life, as do times; whatever else an answer says must not. */
function comparable({ ask, status, text }: Given): unknown {
  const blank = text
    .replaceAll(/\b[0-9A-Za-z]{20}\b/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, '<time>');
  return { route: ask.route, status, text: sorted(JSON.parse(blank)) };
}

/** Lists in an order of their own: made at the same instant, they stand in the order of their ids. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sorted(item)]));
}

describe('two tenants with equal ids', () => {
  test('there is a row for every route, and no other', async () => {
    const api = await apiHarness();
    const { body } = await api.call('GET', '/openapi.json');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(
      ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.toSorted()).toEqual(described.toSorted());
  });

  test('neither is told anything of the other, nor notices that there is one', async () => {
    const answered = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 5, maxLength: 25 }), async (turns) => {
        const all = [...beginning, ...turns, ...reading('T1'), ...reading('T2')];
        const together = await live(all);
        for (const tenant of ['T1', 'T2'] as const) {
          const other = marks[tenant === 'T1' ? 'T2' : 'T1'];
          const told = together[tenant];
          for (const { ask, text, status } of told) {
            expect([ask.route, text.includes(other)]).toEqual([ask.route, false]);
            if (status < 400) answered.set(ask.route, (answered.get(ask.route) ?? 0) + 1);
          }
          const alone = (await live(all.filter((ask) => ask.tenant === tenant)))[tenant];
          expect(told.map(comparable)).toEqual(alone.map(comparable));
        }
        countScenario('14 tenants never notice each other', turns);
      }),
      { numRuns: 60 },
    );
    // Each route was used by somebody for whom it did something.
    expect(routes.filter((route) => !answered.has(route))).toEqual([]);
  });
});
