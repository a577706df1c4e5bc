import { beforeEach, describe, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { simpleEmailJourney } from '../support/graphs.ts';

let api: ApiHarness;

beforeEach(async () => {
  api = await apiHarness();
});

const event = '{"customer_id":"c","type":"t"}';

/** A request as it comes over the wire, with no header but those given. */
async function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer> | undefined,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<{ status: number; error: { code: string; message: string } }> {
  const response = await api.fetch(
    new Request(`http://kalcifer.test${path}`, {
      method: 'POST',
      headers: { 'x-api-key': api.keys.T1, ...headers },
      ...(body === undefined ? {} : { body }),
    }),
  );
  const answer = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, error: answer.error };
}

describe('the type of a body', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'application/vnd.acme+json'])(
    'may be %s',
    async (type) => {
      expect((await post('/v1/events', event, { 'content-type': type })).status).toBe(202);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    '%s is refused with 415 and the header to send',
    async (type) => {
      const { status, error } = await post('/v1/events', event, { 'content-type': type });
      expect([status, error]).toEqual([
        415,
        {
          code: 'body.media_type',
          message: `The body must be JSON: send the header "content-type: application/json", not "${type}".`,
        },
      ]);
      expect(api.table.groups).toEqual([]);
      expect(api.reported).toEqual([]);
    },
  );

  it('is asked for when a body comes without one', async () => {
    const { status, error } = await post('/v1/events', new TextEncoder().encode(event), {});
    expect([status, error.code]).toEqual([415, 'body.media_type']);
    expect(error.message).toContain('"content-type: application/json".');
  });
});

describe('a body that cannot be kept', () => {
  it('in another encoding than UTF-8 is refused, instead of becoming another customer', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(event)]);
    bytes[event.indexOf('c"')] = 0xff;
    const { status, error } = await post('/v1/events', bytes);
    expect([status, error]).toEqual([
      400,
      { code: 'body.malformed', message: 'The body is not UTF-8.' },
    ]);
    expect(api.table.groups).toEqual([]);
  });

  it.each([
    ['nested 5,000 levels deep', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
    ['with a number beyond the largest', '{"a":1e999}'],
  ])('%s is refused', async (_what, data) => {
    const { status, error } = await post(
      '/v1/events',
      `{"customer_id":"c","type":"t","data":${data}}`,
    );
    expect([status, error]).toEqual([
      400,
      {
        code: 'body.malformed',
        message: 'The body is nested deeper than 64 levels, or holds a number that is too large.',
      },
    ]);
    expect(api.table.groups).toEqual([]);
    expect(api.reported).toEqual([]);
  });

  it('is taken with data of as many levels as a row can keep, and no more', async () => {
    const statusOf = async (levels: number): Promise<readonly [number, string | undefined]> => {
      const data = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
      const body = `{"customer_id":"c","type":"t","data":${data}}`;
      const { status, error } = await post('/v1/events', body);
      return [status, (error as { message: string } | undefined)?.message];
    };
    expect(await statusOf(20)).toEqual([202, undefined]);
    expect(await statusOf(60)).toEqual([400, 'data must be JSON with at most 20 levels.']);
  });

  it('that is malformed a hundred thousand levels down is told without an error of ours', async () => {
    const { status, error } = await post('/v1/events', '['.repeat(100_000));
    expect([status, error.code]).toEqual([400, 'body.malformed']);
    expect(api.reported).toEqual([]);
  });
});

describe('publishing a draft', () => {
  it.each([
    ['no body', undefined, {}],
    ['no body but a type', undefined, { 'content-type': 'application/json' }],
    ['a blank body', ' \n', { 'content-type': 'application/json' }],
    ['an empty object', '{}', { 'content-type': 'application/json' }],
  ])('needs nothing but the address: %s', async (_what, body, headers) => {
    const graph = simpleEmailJourney();
    await api.call('PUT', '/v1/journeys/J/draft', { graph });
    for (const template of ['welcome', 'reminder', 'welcome-reminder']) {
      await api.call('PUT', `/v1/templates/${template}`, { body: 'Hello' });
    }
    expect((await post('/v1/journeys/J/publish', body, headers)).status).toBe(201);
  });

  it('of a journey that does not exist answers 404', async () => {
    const { status, error } = await post('/v1/journeys/none/publish', '{}');
    expect([status, error.code]).toEqual([404, 'journey.unknown']);
  });
});
