/**
 * ClickHouse's HTTP protocol in front of an engine, so that ClickHouse's own client works with it unchanged: statements by GET and
 * POST, parameters, settings, compression both ways, answers as they come, errors with ClickHouse's codes.
 */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import {
  engineError,
  EngineError,
  type ClickhouseEngine,
  type ClickhouseSession,
} from './clickhouse-engine.ts';
import { readClickhouseRequest, type ClickhouseRequest } from './clickhouse-request.ts';

export interface ClickhouseProtocolOptions {
  readonly engine: ClickhouseEngine;
  /** Who may ask; absent: everybody who can reach the server. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

export function clickhouseProtocol({
  engine,
  credentials,
}: ClickhouseProtocolOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/ping' || pathname === '/replicas_status') return plain('Ok.\n');
    if (pathname !== '/') return plain('There is no such path.\n', 404);
    if (request.method === 'GET' && !searchParams.has('query')) return plain('Ok.\n');
    try {
      const asked = await readClickhouseRequest(request);
      if (credentials !== undefined) refuseStrangers(asked, credentials);
      return await answer(engine, request, asked);
    } catch (error) {
      return refusal(error);
    }
  };
}

async function answer(
  engine: ClickhouseEngine,
  request: Request,
  asked: ClickhouseRequest,
): Promise<Response> {
  const session = engine.openSession();
  try {
    for (const statement of preparations(asked)) await finish(session.run(statement, 'Null'));
    const pieces = session.run(asked.statement, asked.format)[Symbol.asyncIterator]();
    // An error before the first piece has a status of its own.
    const first = await pieces.next();
    const tag = randomUUID().replaceAll('-', '').slice(0, 16);
    const body = bodyOf(session, first, pieces, tag);
    const isCompressed =
      asked.settings.get('enable_http_compression') === '1' &&
      /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
    return new Response(isCompressed ? body.pipeThrough(new CompressionStream('gzip')) : body, {
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'x-clickhouse-query-id': asked.queryId ?? randomUUID(),
        'x-clickhouse-timezone': 'UTC',
        'x-clickhouse-exception-tag': tag,
        ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      },
    });
  } catch (error) {
    session.close();
    throw error;
  }
}

/** Each request has a session to itself, so what it sets is gone with it. */
function preparations({
  database,
  settings,
  params,
  isReadOnly,
}: ClickhouseRequest): readonly string[] {
  const set = (name: string, value: string): string => `SET ${identifier(name)} = ${quoted(value)}`;
  return [
    ...(database === undefined ? [] : [`USE ${identifier(database)}`]),
    ...[...settings].map(([name, value]) => set(name, value)),
    ...[...params].map(([name, value]) => set(`param_${name}`, value)),
    ...(isReadOnly ? ['SET readonly = 2'] : []),
  ];
}

function identifier(name: string): string {
  if (/^\w+$/.test(name)) return `\`${name}\``;
  throw engineError(36, 'BAD_ARGUMENTS', 'Names are letters, digits and "_".');
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\0': '\\0' };

function quoted(value: string): string {
  return `'${value.replace(/[\\'\0]/g, (character) => escapes[character] ?? '')}'`;
}

/** Runs it to its end; what it answers is nothing. */
async function finish(statement: AsyncIterable<Uint8Array>): Promise<void> {
  const pieces = statement[Symbol.asyncIterator]();
  while ((await pieces.next()).done !== true);
}

/** After the answer has begun, an error is told at its end, in a frame that clients know by the tag. */
function bodyOf(
  session: ClickhouseSession,
  first: IteratorResult<Uint8Array>,
  pieces: AsyncIterator<Uint8Array>,
  tag: string,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = first;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      try {
        if (next.done === true) {
          session.close();
          controller.close();
          return;
        }
        controller.enqueue(new Uint8Array(next.value));
        next = await pieces.next();
      } catch (error) {
        controller.enqueue(new TextEncoder().encode(exceptionFrame(messageOf(error), tag)));
        next = { done: true, value: undefined };
      }
    },
    cancel: async () => {
      await pieces.return?.();
      session.close();
    },
  });
}

function exceptionFrame(message: string, tag: string): string {
  const line = `${message}\n`;
  const length = Buffer.byteLength(line);
  return `\r\n__exception__\r\n${tag}\r\n${line}${length} ${tag}\r\n__exception__\r\n`;
}

function refuseStrangers(
  { user, password }: ClickhouseRequest,
  credentials: { readonly user: string; readonly password: string },
): void {
  const isKnown = isSame(user, credentials.user);
  if (isSame(password, credentials.password) && isKnown) return;
  throw engineError(
    516,
    'AUTHENTICATION_FAILED',
    'Authentication failed: password is incorrect, or there is no user with such name.',
  );
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refusal(error: unknown): Response {
  const message = messageOf(error);
  const code = error instanceof EngineError ? error.code : 0;
  const status = statuses.get(code) ?? 500;
  const response = plain(`${message}\n`, status);
  response.headers.set('x-clickhouse-exception-code', String(code));
  return response;
}

function messageOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  const words = error instanceof Error ? error.message : String(error);
  return `Code: 1002. DB::Exception: ${words} (UNKNOWN_EXCEPTION)`;
}

/** By ClickHouse's code, where ClickHouse answers something else than 500. */
const statuses: ReadonlyMap<number, number> = new Map([
  [36, 400],
  [41, 400],
  [46, 404],
  [47, 404],
  [48, 501],
  [53, 400],
  [60, 404],
  [62, 400],
  [72, 400],
  [73, 400],
  [81, 404],
  [115, 404],
  [159, 408],
  [164, 403],
  [354, 400],
  [456, 400],
  [457, 400],
  [497, 403],
  [516, 403],
]);

function plain(text: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: { 'content-type': 'text/plain; charset=UTF-8' },
  });
}
