import { beforeEach, describe, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';

let api: ApiHarness;

beforeEach(async () => {
  api = await apiHarness();
});

async function problemsOf(method: string, path: string, body?: unknown): Promise<unknown> {
  const { status, body: answer } = await api.call(method, path, body);
  expect([status, answer.error.code]).toEqual([400, 'input.invalid']);
  expect(api.table.groups).toEqual([]);
  return answer.error.problems;
}

describe('a body that does not fit', () => {
  it('is told in plain words, under the names of the API, everything at once', async () => {
    const event = { customer_id: ' ', type: 7, id: 'a\u0000b', data: [] };
    expect(await problemsOf('POST', '/v1/events', event)).toEqual([
      { code: 'input.field', path: 'customer_id', message: 'customer_id is blank' },
      { code: 'input.field', path: 'type', message: 'type must be a text' },
      { code: 'input.field', path: 'data', message: 'data must be an object' },
      { code: 'input.field', path: 'id', message: 'id contains a control character' },
    ]);
  });

  it.each([
    ['PUT', '/v1/customers/c1', { emial: 'ada@example.com' }, 'emial'],
    ['PUT', '/v1/templates/t1', { body: 'Hello', chanel: 'sms' }, 'chanel'],
    ['PUT', '/v1/secrets/crm', { vlaue: 'long enough' }, 'vlaue'],
    ['PUT', '/v1/segments/s', { rule: {}, nmae: 'x' }, 'nmae'],
    ['PUT', '/v1/frequency-caps', { caps: [], cap: 1 }, 'cap'],
    ['PUT', '/v1/journeys/J/draft', { graph: {}, version: 1 }, 'version'],
    ['POST', '/v1/journeys/J/publish', { grpah: {} }, 'grpah'],
    ['POST', '/v1/journeys/J/instances', { customer_id: 'c', contxt: {} }, 'contxt'],
    ['POST', '/v1/events/batch', { events: [], event: 1 }, 'event'],
  ])('with a mistyped field is refused: %s %s', async (method, path, body, key) => {
    expect(await problemsOf(method, path, body)).toContainEqual({
      code: 'input.field',
      message: `the body has the unknown key "${key}"`,
    });
  });

  it('with preferences that would not be kept, or blank tags, is refused', async () => {
    const body = { preferences: { email: 'no', sms: false, colour: 'red' }, tags: ['vip', ' '] };
    expect(await problemsOf('PUT', '/v1/customers/c1', body)).toEqual([
      {
        code: 'input.field',
        path: 'preferences.email',
        message: 'preferences.email must be true or false',
      },
      { code: 'input.field', path: 'tags[1]', message: 'tags[1] must not be blank' },
    ]);
  });

  it('that is no object is told so', async () => {
    expect(await problemsOf('POST', '/v1/events', [1])).toEqual([
      { code: 'input.field', message: 'the body must be an object' },
    ]);
  });

  it('in a batch of events names the place in the event', async () => {
    const events = [null, { customer_id: '', type: 'x' }];
    const { body } = await api.call('POST', '/v1/events/batch', { events });
    expect(body.results).toEqual([
      { error: { code: 'input.invalid', message: 'the event must be an object.' } },
      { error: { code: 'input.invalid', message: 'customer_id is blank.' } },
    ]);
  });
});

describe('a profile', () => {
  it('that would outgrow its row is left as it was', async () => {
    const half = 'x'.repeat(70_000);
    await api.call('PUT', '/v1/customers/c1', { properties: { a: half } });
    api.table.groups.length = 0;
    expect(await problemsOf('PUT', '/v1/customers/c1', { properties: { b: half } })).toEqual([
      { code: 'input.field', message: 'the profile would be larger than 131072 bytes' },
    ]);
    const { body } = await api.call('GET', '/v1/customers/c1');
    expect(Object.keys(body.properties as object)).toEqual(['a']);
  });
});

describe('a query that does not fit', () => {
  it.each([
    ['limit=0', 'limit must be at least 1'],
    ['limit=1001', 'limit must be at most 1000'],
    ['limit=many', 'limit must be a number'],
    ['limit=1.5', 'limit must be a whole number'],
    ['limt=5', 'the query has the unknown key "limt"'],
    ['after=', 'after is blank'],
  ])('%s is refused', async (query, message) => {
    expect(await problemsOf('GET', `/v1/outbox?${query}`)).toMatchObject([{ message }]);
  });
});
