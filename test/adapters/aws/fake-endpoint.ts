/** An endpoint that answers as a test says: what AWS may answer, and what may happen to a connection. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Behaviour =
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  /** The connection breaks when the request has arrived. */
  | 'reset'
  /** No answer ever comes. */
  | 'silence';

interface FakeRequest {
  readonly body: string;
  /** What is to become of the connection: `close`, `keep-alive`. */
  readonly connection: string | undefined;
}

export interface FakeEndpoint {
  readonly url: string;
  /** What arrived. */
  readonly requests: readonly FakeRequest[];
}

export async function fakeEndpoint(behaviour: Behaviour): Promise<FakeEndpoint> {
  const requests: FakeRequest[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      requests.push({ body, connection: request.headers.connection });
      if (behaviour === 'silence') return;
      if (behaviour === 'reset') {
        request.socket.resetAndDestroy();
        return;
      }
      const { status, headers = {} } = behaviour;
      response.writeHead(status, { 'x-amzn-requestid': 'r-1', ...headers }).end(behaviour.body);
    });
  });
  await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: urlOf(server), requests };
}

/** Where nothing listens. */
export async function deadEndpoint(): Promise<string> {
  const server = createServer();
  await listen(server);
  const url = urlOf(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** What every client is given that is not to leave this machine. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
