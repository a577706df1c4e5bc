/** Calls of web addresses against a real HTTPS server on this machine, which pretends to be public. */
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  webCaller,
  type Address,
  type WebAnswer,
  type WebCall,
  type WebCallerOptions,
} from '../../../lib/adapters/webhook/web-caller.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';

const tls = join(import.meta.dirname, '..', '..', 'support', 'tls');
const cert = readFileSync(join(tls, 'hooks.cert.pem'), 'utf8');
const key = readFileSync(join(tls, 'hooks.key.pem'), 'utf8');

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answering = (response: ServerResponse, received: Received) => void;

/** A receiver that answers as it is told, and what it received. */
async function receiver(
  answer: Answering,
  kind: 'https' | 'http' = 'https',
): Promise<{ readonly port: number; readonly received: readonly Received[] }> {
  const received: Received[] = [];
  const listen: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      answer(response, one);
    });
  };
  const server: Server =
    kind === 'https' ? createServer({ cert, key }, listen) : createHttpServer(listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, received };
}

const here: readonly Address[] = [{ address: '127.0.0.1', family: 4 }];

/** Names lead here, and here is allowed. */
const pretending: Partial<WebCallerOptions> = {
  resolve: () => Promise.resolve(here),
  mayCall: (address) => address === '127.0.0.1',
  ca: cert,
};

function call(
  url: string,
  given: Partial<WebCall> = {},
  options: Partial<WebCallerOptions> = pretending,
): Promise<WebAnswer> {
  return webCaller({ clock: systemClock(), ...options })({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sesame' },
    privateHeaders: new Set(['authorization']),
    body: '{"customer_id":"c1"}',
    timeoutMs: 20_000,
    ...given,
  });
}

const forbidden = (reason: string): WebAnswer => ({ kind: 'forbidden', reason });

describe('a call', () => {
  test('arrives as it was made, and brings the answer back', async () => {
    const { port, received } = await receiver((response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
    const answer = await call(`https://hooks.example.com:${port}/leads?list=1`, { method: 'PUT' });
    expect(answer).toEqual({ kind: 'answered', status: 201, text: '{"ok":true}', cut: false });
    expect(received).toMatchObject([
      {
        method: 'PUT',
        url: '/leads?list=1',
        headers: {
          host: `hooks.example.com:${port}`,
          authorization: 'Bearer sesame',
          'content-type': 'application/json',
          'content-length': '20',
        },
        body: '{"customer_id":"c1"}',
      },
    ]);
  });

  test.each([204, 404, 303, 503])('brings back the status %i', async (status) => {
    const { port } = await receiver((response) => response.writeHead(status).end());
    expect(await call(`https://hooks.example.com:${port}/`)).toEqual({
      kind: 'answered',
      status,
      text: '',
      cut: false,
    });
  });

  test('keeps the first 8,192 bytes of a longer answer, in whole characters', async () => {
    const { port } = await receiver((response) => response.end('x' + 'ü'.repeat(50_000)));
    expect(await call(`https://hooks.example.com:${port}/`)).toEqual({
      kind: 'answered',
      status: 200,
      text: 'x' + 'ü'.repeat(4_095),
      cut: true,
    });
  });

  test('does not wait for the end of an answer that never ends', async () => {
    const { port } = await receiver((response) => {
      const more = (): void => void response.write('x'.repeat(1_000), () => setImmediate(more));
      more();
    });
    expect(await call(`https://hooks.example.com:${port}/`)).toMatchObject({
      status: 200,
      cut: true,
    });
  });
});

describe('a call is given up after its time', () => {
  test.each<[string, Answering]>([
    ['when no answer comes', () => undefined],
    ['when the answer stops in the middle', (response) => response.write('half')],
  ])('%s', async (_, answering) => {
    const { port } = await receiver(answering);
    expect(await call(`https://hooks.example.com:${port}/`, { timeoutMs: 100 })).toEqual({
      kind: 'failed',
      reason: 'no answer within 100 ms',
    });
  });

  test('when the name is not resolved', async () => {
    const resolve = (): Promise<never> => new Promise(() => undefined);
    const answer = await call('https://hooks.example.com/', { timeoutMs: 50 }, { resolve });
    expect(answer).toEqual({ kind: 'failed', reason: 'no answer within 50 ms' });
  });
});

describe('a call fails, and may be repeated,', () => {
  test('when nobody listens', async () => {
    const { port } = await receiver(() => undefined);
    const closed = await call(`https://hooks.example.com:${port === 1 ? 2 : 1}/`);
    expect(closed).toEqual({ kind: 'failed', reason: 'the call broke off (ECONNREFUSED)' });
  });

  test('when the connection breaks', async () => {
    const { port } = await receiver((response) => response.destroy());
    expect(await call(`https://hooks.example.com:${port}/`)).toEqual({
      kind: 'failed',
      reason: 'the call broke off (ECONNRESET)',
    });
  });

  test('when the name does not exist, or has no address', async () => {
    const unknown = Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    const missing = await call(
      'https://a.example/',
      {},
      { resolve: () => Promise.reject(unknown) },
    );
    expect(missing).toEqual({ kind: 'failed', reason: 'the call broke off (ENOTFOUND)' });
    const empty = await call('https://a.example/', {}, { resolve: () => Promise.resolve([]) });
    expect(empty).toEqual({ kind: 'failed', reason: 'the call broke off' });
  });

  test('when the certificate is not trusted, or is for another name', async () => {
    const { port, received } = await receiver((response) => response.end());
    const { ca: _ca, ...untrusting } = pretending;
    const reason = { kind: 'failed', reason: expect.stringMatching(/^the call broke off \(/) };
    expect(await call(`https://hooks.example.com:${port}/`, {}, untrusting)).toEqual(reason);
    expect(await call(`https://unheard.example.com:${port}/`)).toEqual(reason);
    expect(received).toEqual([]);
  });
});

describe('a call is refused before anything is sent', () => {
  test.each([
    ['https://127.0.0.1:{port}/', 'the address leads to 127.0.0.1, which is not a public address'],
    ['https://localhost:{port}/', 'the address leads to "localhost", which is not a public name'],
    ['http://hooks.example.com:{port}/', 'the address must begin with https://'],
  ])('when it goes to %s', async (url, reason) => {
    const { port, received } = await receiver((response) => response.end());
    expect(await call(url.replace('{port}', String(port)))).toEqual(forbidden(reason));
    expect(received).toEqual([]);
  });

  test.each([
    '127.0.0.1',
    '10.0.0.5',
    '169.254.169.254',
    '100.64.0.1',
    '::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
  ])('when its name leads to %s', async (address) => {
    const { port, received } = await receiver((response) => response.end());
    const resolve = () => Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
    const answer = await call(`https://hooks.example.com:${port}/`, {}, { resolve, ca: cert });
    expect(answer).toEqual(
      forbidden(`hooks.example.com leads to ${address}, which is not a public address`),
    );
    expect(received).toEqual([]);
  });

  test('when only one of the addresses of its name is private', async () => {
    const resolve = () =>
      Promise.resolve([
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.5', family: 4 },
      ]);
    expect(await call('https://hooks.example.com/', {}, { resolve })).toEqual(
      forbidden('hooks.example.com leads to 10.0.0.5, which is not a public address'),
    );
  });

  test('by what the machine itself says of a name', async () => {
    const answer = await call('https://localhost.example.invalid./', { timeoutMs: 5_000 }, {});
    expect(answer.kind).toBe('failed');
  });
});

test('the connection goes to the address that was checked, whatever the name says next', async () => {
  const { port, received } = await receiver((response) => response.end());
  let asked = 0;
  const resolve = () => {
    asked += 1;
    return Promise.resolve(asked === 1 ? here : [{ address: '192.0.2.1', family: 4 }]);
  };
  await call(`https://hooks.example.com:${port}/`, {}, { ...pretending, resolve });
  expect([asked, received.length]).toEqual([1, 1]);
});

describe('a redirect', () => {
  const to =
    (status: number, location: string): Answering =>
    (response, { url }) => {
      if (url === '/start') response.writeHead(status, { location }).end();
      else response.end('arrived');
    };

  test.each([301, 302, 307, 308])(
    '%i is followed with method, body and headers',
    async (status) => {
      const { port, received } = await receiver(to(status, '/next'));
      const answer = await call(`https://hooks.example.com:${port}/start`);
      expect(answer).toMatchObject({ status: 200, text: 'arrived' });
      expect(received[1]).toMatchObject({
        method: 'POST',
        url: '/next',
        body: '{"customer_id":"c1"}',
        headers: { authorization: 'Bearer sesame' },
      });
    },
  );

  test('to another origin leaves the secrets behind', async () => {
    const other = await receiver((response) => response.end());
    const { port } = await receiver(to(307, `https://other.example.com:${other.port}/next`));
    await call(`https://hooks.example.com:${port}/start`);
    expect(other.received).toHaveLength(1);
    expect(other.received[0]?.headers).not.toHaveProperty('authorization');
    expect(other.received[0]?.headers).toHaveProperty('content-type', 'application/json');
  });

  test.each([
    ['https://127.0.0.1/', 'the address leads to 127.0.0.1, which is not a public address'],
    [
      'https://[::ffff:7f00:1]/',
      'the address leads to ::ffff:7f00:1, which is not a public address',
    ],
    ['http://hooks.example.com/', 'the address must begin with https://'],
    ['file:///etc/passwd', 'the address must begin with https://'],
    ['https://', 'the receiver redirects to something that is no address'],
  ])('to %s is refused', async (location, reason) => {
    const { port, received } = await receiver(to(307, location));
    expect(await call(`https://hooks.example.com:${port}/start`)).toEqual(forbidden(reason));
    expect(received).toHaveLength(1);
  });

  test('to a name that leads inside is refused', async () => {
    const { port, received } = await receiver(to(307, `https://inside.example.com/next`));
    const resolve = (host: string) =>
      Promise.resolve(host === 'inside.example.com' ? [{ address: '10.0.0.5', family: 4 }] : here);
    const answer = await call(
      `https://hooks.example.com:${port}/start`,
      {},
      { ...pretending, resolve },
    );
    expect(answer).toEqual(
      forbidden('inside.example.com leads to 10.0.0.5, which is not a public address'),
    );
    expect(received).toHaveLength(1);
  });

  test('is followed three times and no more', async () => {
    const { port, received } = await receiver((response, { url = '' }) => {
      response.writeHead(307, { location: `${url}x` }).end();
    });
    expect(await call(`https://hooks.example.com:${port}/`)).toEqual(
      forbidden('the receiver redirects more than 3 times'),
    );
    expect(received).toHaveLength(4);
  });
});

test('calls can be diverted to a receiver of the developer, who sees where they were meant to go', async () => {
  const { port, received } = await receiver((response) => response.end('here'), 'http');
  const divertTo = `http://127.0.0.1:${port}`;
  expect(await call('https://crm.example.com/leads?list=1', {}, { divertTo })).toMatchObject({
    kind: 'answered',
    text: 'here',
  });
  expect(received).toMatchObject([{ url: '/leads?list=1' }]);
});
