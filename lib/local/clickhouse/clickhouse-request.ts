/** Reads what a client asks over ClickHouse's HTTP protocol: the statement, and everything that stands beside it in the URL. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { HonoRequest } from 'hono/request';
import { engineError } from './clickhouse-engine.ts';

export interface ClickhouseRequest {
  readonly statement: string;
  readonly database?: string;
  /** Of the answer, when the statement names none. */
  readonly format: string;
  readonly settings: ReadonlyMap<string, string>;
  /** Values of `{name:Type}`, in ClickHouse's escaped form. */
  readonly params: ReadonlyMap<string, string>;
  /** True for GET: it changes nothing. */
  readonly isReadOnly: boolean;
  readonly queryId?: string;
  readonly user: string;
  readonly password: string;
}

/** @throws EngineError */
export async function readClickhouseRequest(request: Request): Promise<ClickhouseRequest> {
  const fields = new Map(new URL(request.url).searchParams);
  const body = await readBody(request, fields);
  if (fields.has('session_id')) {
    throw engineError(48, 'NOT_IMPLEMENTED', 'This server keeps no sessions between requests.');
  }
  const { headers, method } = request;
  const query = fields.get('query') ?? '';
  const database = fields.get('database') ?? headers.get('x-clickhouse-database');
  const queryId = fields.get('query_id');
  return {
    statement: query === '' || body === '' ? query + body : `${query}\n${body}`,
    format: fields.get('default_format') ?? headers.get('x-clickhouse-format') ?? 'TabSeparated',
    settings: new Map([...fields].filter(([name]) => !isReserved(name))),
    params: new Map(
      [...fields].flatMap(([name, value]) =>
        name.startsWith(paramPrefix) ? [[name.slice(paramPrefix.length), value]] : [],
      ),
    ),
    isReadOnly: method !== 'POST' && method !== 'PUT',
    ...(database === null ? {} : { database }),
    ...(queryId === undefined ? {} : { queryId }),
    ...credentials(fields, headers),
  };
}

const paramPrefix = 'param_';

/** What is no setting. */
const reserved: ReadonlySet<string> = new Set([
  ...['query', 'query_id', 'database', 'default_format', 'user', 'password', 'role', 'quota_key'],
  ...['compress', 'decompress', 'buffer_size', 'wait_end_of_query', 'stacktrace'],
  ...['client_protocol_version', 'close_session', 'session_timeout', 'session_check'],
]);

function isReserved(name: string): boolean {
  return reserved.has(name) || name.startsWith(paramPrefix);
}

/** Fields of a form are fields of the request, as those of the URL are. */
async function readBody(request: Request, fields: Map<string, string>): Promise<string> {
  const bytes = await decompressed(
    new Uint8Array(await request.arrayBuffer()),
    request.headers.get('content-encoding') ?? '',
  );
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) return textOf(bytes);
  const { url } = request;
  const init = { method: 'POST', body: bytes, headers: { 'content-type': type } };
  for (const [name, value] of await new HonoRequest(new Request(url, init)).formData()) {
    fields.set(name, typeof value === 'string' ? value : await value.text());
  }
  return '';
}

async function decompressed(bytes: Uint8Array, encoding: string): Promise<Uint8Array<ArrayBuffer>> {
  const decompress = decompressors.get(encoding);
  if (decompress === undefined) {
    throw engineError(73, 'UNKNOWN_FORMAT', `This server does not understand ${encoding}.`);
  }
  try {
    return new Uint8Array(await decompress(bytes));
  } catch {
    throw engineError(354, 'ZLIB_INFLATE_FAILED', `The body of the request is not ${encoding}.`);
  }
}

type Decompress = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

const decompressors = new Map<string, Decompress>([
  ['', (bytes) => bytes],
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** Statements go on as text, with the rows that they insert: rows in a binary format would be mangled. */
function textOf(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below.
  }
  throw engineError(48, 'NOT_IMPLEMENTED', 'This server takes rows in text formats only.');
}

function credentials(
  fields: ReadonlyMap<string, string>,
  headers: Headers,
): Pick<ClickhouseRequest, 'user' | 'password'> {
  const [, basic] = /^Basic (.+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (basic !== undefined) {
    const [, user = '', password = ''] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
    return { user, password };
  }
  return {
    user: fields.get('user') ?? headers.get('x-clickhouse-user') ?? 'default',
    password: fields.get('password') ?? headers.get('x-clickhouse-key') ?? '',
  };
}
