/** The API on a port of this machine. */
import { expect, it, onTestFinished } from 'vitest';
import { serveHttp, type HttpServer } from '../../lib/local/http-server.ts';

const host = '127.0.0.1';

async function serve(
  answer: (request: Request) => Response | Promise<Response>,
  port = 0,
): Promise<HttpServer> {
  const server = await serveHttp(answer, { host, port });
  onTestFinished(() => server.close());
  return server;
}

it('answers on a free port when none is named', async () => {
  const { url } = await serve((request) => new Response(new URL(request.url).pathname));
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  expect(await (await fetch(`${url}/health`)).text()).toBe('/health');
});

it('says which port is in use, and how to take another', async () => {
  const { url } = await serve(() => new Response());
  const port = Number(new URL(url).port);
  await expect(serveHttp(() => new Response(), { host, port })).rejects.toMatchObject({
    code: 'port.in_use',
    message: `Port ${port} on 127.0.0.1 is in use; choose another with --port, or stop what listens there.`,
  });
});

it('answers what is under way before it closes', async () => {
  let finish: (response: Response) => void = () => undefined;
  let arrived: () => void = () => undefined;
  const isThere = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = await serveHttp(
    () => {
      arrived();
      return new Promise<Response>((resolve) => {
        finish = resolve;
      });
    },
    { host, port: 0 },
  );
  const answer = fetch(server.url, { headers: { connection: 'close' } });
  await isThere;
  const closed = server.close();
  finish(new Response('done'));
  expect(await (await answer).text()).toBe('done');
  await closed;
  await expect(fetch(server.url)).rejects.toThrow();
});
