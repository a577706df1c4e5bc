/** Commands against an API behind a gateway, which has a path of its own and judges keys before Kalcifer does. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { addressOf } from '../../bin/api-client.ts';
import { serveHttp } from '../../lib/local/http-server.ts';
import { runCliWith } from '../support/run-cli.ts';

describe('the address of a request', () => {
  it.each([
    ['http://127.0.0.1:4500', 'http://127.0.0.1:4500/v1/events'],
    ['http://127.0.0.1:4500/', 'http://127.0.0.1:4500/v1/events'],
    [
      'https://x.execute-api.eu-west-1.amazonaws.com/api/',
      'https://x.execute-api.eu-west-1.amazonaws.com/api/v1/events',
    ],
    [
      'https://x.execute-api.eu-west-1.amazonaws.com/api',
      'https://x.execute-api.eu-west-1.amazonaws.com/api/v1/events',
    ],
  ])('at %s is %s', (url, address) => {
    expect(addressOf(url, '/v1/events').href).toBe(address);
  });
});

describe('what a gateway answers itself', () => {
  it.each([
    [403, 'The gateway before the API does not know this key. [key.unknown]'],
    [429, 'The key has used up its requests; try again later. [api.too_many]'],
    [502, 'What answers there is not Kalcifer (502). [api.unreachable]'],
  ])('%i is told in plain words', async (status, words) => {
    const server = await serveHttp(() => new Response('{"message":"Forbidden"}', { status }), {
      host: '127.0.0.1',
      port: 0,
    });
    onTestFinished(() => server.close());
    const told = await runCliWith({ KALCIFER_URL: server.url, KALCIFER_KEY: 'k' }, 'caps');
    expect(told).toEqual({ code: 1, stdout: '', stderr: `error ${words}\n` });
  });
});
