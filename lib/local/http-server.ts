/** Serves the API on this machine. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { KalciferError } from '../kalcifer-error.ts';

export interface HttpServer {
  readonly url: string;
  /** Takes no more requests; resolves when those under way are answered. */
  close(): Promise<void>;
}

interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** How long the head of a request may be, its URL included; default 16 KB. */
  readonly headBytesMax?: number;
}

/**
 * @throws KalciferError `port.in_use`, `port.not_allowed`
 */
export async function serveHttp(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port, headBytesMax }: HttpServerOptions,
): Promise<HttpServer> {
  const options = headBytesMax === undefined ? {} : { maxHeaderSize: headBytesMax };
  const server = createServer(options, (request, response) => {
    void getRequestListener(fetch)(request, response);
  });
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(refusal(error, host, port));
    });
    server.listen(port, host, resolve);
  });
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new KalciferError(
      'port.in_use',
      `Port ${port} on ${host} is in use; choose another with --port, or stop what listens there.`,
    );
  }
  if (error.code === 'EACCES') {
    return new KalciferError(
      'port.not_allowed',
      `Port ${port} needs more rights; choose one above 1023.`,
    );
  }
  return error;
}
