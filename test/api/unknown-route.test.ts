import { beforeEach, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';

let api: ApiHarness;

beforeEach(async () => {
  api = await apiHarness();
});

it.each([
  ['DELETE', '/v1/events', 'POST'],
  ['PATCH', '/v1/customers/c1', 'PUT, GET, HEAD'],
  ['OPTIONS', '/v1/journeys', 'GET, HEAD'],
  ['GET', '/callbacks/T1/ses', 'POST'],
  ['POST', '/health', 'GET, HEAD'],
])('a method that a path does not take is told with those that it takes: %s %s', async (...of) => {
  const [method, path, allowed] = of;
  const { status, headers, body } = await api.call(method, path);
  expect([status, headers.get('allow'), body.error]).toEqual([
    405,
    allowed,
    { code: 'route.method', message: `${path} does not take ${method}; it takes ${allowed}.` },
  ]);
});

it.each(['/', '/v1/nothing', '/v1/events/', '/v1/customers/'])(
  'a path where nothing is answers 404: %s',
  async (path) => {
    const { status, body } = await api.call('GET', path);
    expect([status, body.error]).toEqual([
      404,
      { code: 'route.unknown', message: `There is nothing at GET ${path}.` },
    ]);
  },
);

it('a head request gets the headers of the answer and nothing else', async () => {
  const response = await api.fetch(
    new Request('http://kalcifer.test/v1/journeys', {
      method: 'HEAD',
      headers: { 'x-api-key': api.keys.T1 },
    }),
  );
  expect([response.status, await response.text()]).toEqual([200, '']);
});
