import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { countScenario } from '../support/scenario-count.ts';

/** Texts that keys and rows are least fond of. */
const oddText = fc.oneof(
  fc.constantFrom('', ' ', '.', '#', '%', '%23', '__proto__', 'a\u0000b', '\ud800', 'J', 'c1'),
  fc.constantFrom(
    'x'.repeat(600),
    '#'.repeat(128),
    'é'.repeat(65),
    '🙂'.repeat(32),
    '%'.repeat(200),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const oddJson = fc.oneof(
  oddText,
  fc.jsonValue({ stringUnit: 'binary' }),
  fc
    .integer({ min: 10, max: 80 })
    .map((depth) => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth)) as unknown),
);

const fieldNames = [
  'customer_id',
  'type',
  'id',
  'data',
  'context',
  'entry',
  'body',
  'subject',
  'channel',
  'value',
  'rule',
  'name',
  'properties',
  'tags',
  'graph',
  'caps',
  'items',
  'events',
  'email',
];

interface Route {
  readonly method: string;
  readonly path: string;
}

async function routesOf(h: ApiHarness): Promise<readonly Route[]> {
  const response = await h.fetch(new Request('http://localhost/openapi.json'));
  const { paths } = (await response.json()) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

function isEncodable(text: string): boolean {
  return text !== '' && text.isWellFormed();
}

it('for any text in any place of a request, the API answers or says what is wrong with it', async () => {
  const h = await apiHarness();
  const graph = drawGraph({ in: ['event_entry', { event_type: 'go' }], out: ['exit'] }, [
    'in -> out',
  ]);
  await h.call('POST', '/v1/journeys/J/publish', { graph });
  const routes = await routesOf(h);
  expect(routes.length).toBeGreaterThan(40);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.array(oddText.filter(isEncodable), { minLength: 3, maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fieldNames), oddJson, { maxKeys: 5 }),
      oddText.filter(isEncodable),
      async ({ method, path }, parts, body, after) => {
        let at = 0;
        const filled = path.replaceAll(/\{[^}]+\}/g, () =>
          encodeURIComponent(parts[at++ % 3] ?? ''),
        );
        const isRead = method === 'GET' || method === 'DELETE';
        const query = method === 'GET' && at % 2 === 1 ? `?after=${encodeURIComponent(after)}` : '';
        const { status } = await h.call(method, `${filled}${query}`, isRead ? undefined : body);
        expect({ status, reported: h.reported }).toEqual({
          status: expect.any(Number) as number,
          reported: [],
        });
        expect(status).toBeLessThan(500);
        countScenario('the API answers odd requests', { method, path, parts, body, after });
      },
    ),
    { numRuns: 600 },
  );
});

it('for any name in any place of a graph, publishing answers or says what is wrong with it', async () => {
  const h = await apiHarness();
  const nodes: Record<string, (text: string) => [string, Record<string, unknown>]> = {
    event_entry: (text) => ['event_entry', { event_type: text }],
    segment_entry: (text) => ['segment_entry', { segment_id: text }],
    webhook_entry: (text) => ['webhook_entry', { webhook_path: '/a', secret_ref: text }],
    wait_for_event: (text) => ['wait_for_event', { event_type: text, timeout: '1d' }],
    check_segment: (text) => ['check_segment', { segment_id: text }],
    send_email: (text) => ['send_email', { template_id: text }],
    by_provider: (text) => ['send_email', { subject: 'a', body: 'b', provider: text }],
    call_webhook: (text) => [
      'call_webhook',
      { url: 'https://example.com/', headers: { a: { secret_ref: text } } },
    ],
    position: () => ['exit', {}],
  };
  const branches: Record<string, readonly string[]> = {
    wait_for_event: ['event_received', 'timed_out'],
    check_segment: ['true', 'false'],
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(nodes)),
      oddText,
      oddText,
      oddJson,
      async (kind, id, text, position) => {
        const [type, config] = nodes[kind]?.(text) ?? ['exit', {}];
        const isEntry = type.endsWith('_entry');
        const out = { id: 'out', type: 'exit', position };
        const graph = {
          nodes: [
            ...(isEntry ? [] : [{ id: 'in', type: 'event_entry', config: { event_type: 'go' } }]),
            { id, type, config },
            ...(type === 'exit' ? [] : [out]),
          ],
          edges: [
            ...(isEntry ? [] : [{ source: 'in', target: id }]),
            ...(type === 'exit'
              ? []
              : (branches[type] ?? [undefined]).map((branch) => ({
                  source: id,
                  target: 'out',
                  ...(branch === undefined ? {} : { branch }),
                }))),
          ],
        };
        const published = await h.call('POST', '/v1/journeys/J/publish', { graph });
        expect([201, 400, 422]).toContain(published.status);
        const drafted = await h.call('PUT', '/v1/journeys/D/draft', { graph });
        expect([200, 400]).toContain(drafted.status);
        expect(h.reported).toEqual([]);
        countScenario('publishing answers odd graphs', graph);
      },
    ),
    { numRuns: 300 },
  );
});
