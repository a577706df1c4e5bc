import { gunzipSync, gzipSync } from 'node:zlib';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { engineError } from '../../../lib/local/clickhouse/clickhouse-engine.ts';
import {
  clickhouseProtocol,
  type ClickhouseProtocolOptions,
} from '../../../lib/local/clickhouse/clickhouse-protocol.ts';
import { serveHttp } from '../../../lib/local/http-server.ts';
import { fakeEngine, type Answering, type FakeEngine } from '../../support/fake-clickhouse.ts';

const origin = 'http://clickhouse';

function protocol(
  answer?: Answering,
  credentials?: ClickhouseProtocolOptions['credentials'],
): { engine: FakeEngine; ask: (path: string, init?: RequestInit) => Promise<Response> } {
  const engine = fakeEngine(answer);
  const handle = clickhouseProtocol({
    engine,
    ...(credentials === undefined ? {} : { credentials }),
  });
  return { engine, ask: (path, init) => handle(new Request(origin + path, init)) };
}

const query = (text: string): string => `/?query=${encodeURIComponent(text)}`;

describe('the ClickHouse protocol', () => {
  it.each(['/ping', '/', '/replicas_status'])('says at %s that it is there', async (path) => {
    const { ask, engine } = protocol();
    const answer = await ask(path);
    expect([answer.status, await answer.text()]).toEqual([200, 'Ok.\n']);
    expect(engine.asked).toEqual([]);
  });

  it('answers 404 at any other path', async () => {
    expect((await protocol().ask('/play?query=SELECT%201')).status).toBe(404);
  });

  it('runs what stands in the URL, and lets it change nothing', async () => {
    const { ask, engine } = protocol(() => '1\n');
    expect(await (await ask(query('SELECT 1'))).text()).toBe('1\n');
    expect(engine.asked).toEqual([{ statement: 'SELECT 1', set: ['SET readonly = 2'] }]);
  });

  it('runs what stands in the body, and the rows of the body behind the statement of the URL', async () => {
    const { ask, engine } = protocol();
    await ask('/', { method: 'POST', body: 'SELECT 1' });
    await ask(query('INSERT INTO t FORMAT JSONEachRow'), {
      method: 'POST',
      body: '{"a":1}\n{"a":2}',
    });
    expect(engine.asked).toEqual([
      { statement: 'SELECT 1', set: [] },
      { statement: 'INSERT INTO t FORMAT JSONEachRow\n{"a":1}\n{"a":2}', set: [] },
    ]);
  });

  it('sets database, settings and parameters for this request alone, and quotes what they hold', async () => {
    const { ask, engine } = protocol();
    const fields = new URLSearchParams({
      query: 'SELECT {name:String}',
      database: 'kalcifer',
      max_threads: '2',
      param_name: "it's a \\ and \0",
      query_id: 'q1',
      default_format: 'CSV',
    });
    const answer = await ask(`/?${fields.toString()}`, { method: 'POST' });
    expect(engine.asked).toEqual([
      {
        statement: 'SELECT {name:String}',
        set: [
          'USE `kalcifer`',
          "SET `max_threads` = '2'",
          "SET `param_name` = 'it\\'s a \\\\ and \\0'",
        ],
      },
    ]);
    expect(answer.headers.get('x-clickhouse-query-id')).toBe('q1');
    await answer.text();
    expect(engine.open()).toBe(0);
  });

  it.each(['a b', 'a`b', "a'; DROP TABLE t"])('refuses the name %j', async (name) => {
    const { ask, engine } = protocol();
    const answer = await ask(`${query('SELECT 1')}&${encodeURIComponent(name)}=1`);
    expect(answer.status).toBe(400);
    expect(engine.asked).toEqual([]);
    expect(engine.open()).toBe(0);
  });

  it.each([
    ['gzip', gzipSync('SELECT 1')],
    ['', Buffer.from('SELECT 1')],
  ])('understands a body in encoding "%s"', async (encoding, body) => {
    const { ask, engine } = protocol();
    const headers = encoding === '' ? {} : { 'content-encoding': encoding };
    await ask('/', { method: 'POST', body, headers });
    expect(engine.asked).toMatchObject([{ statement: 'SELECT 1' }]);
  });

  it.each([
    ['an encoding that it does not know', { 'content-encoding': 'snappy' }, 'x', 400, '73'],
    ['a body that is not what it says', { 'content-encoding': 'gzip' }, 'x', 400, '354'],
    ['rows in a binary format', {}, Buffer.from([0, 1, 2]), 501, '48'],
    ['bytes that are no text', {}, Buffer.from([0xff, 0xfe]), 501, '48'],
  ])('refuses %s', async (_what, headers, body, status, code) => {
    const { ask, engine } = protocol();
    const answer = await ask('/', { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe(code);
    expect(engine.asked).toEqual([]);
  });

  it('refuses sessions, which it would not keep', async () => {
    const answer = await protocol().ask('/?session_id=s1', { method: 'POST', body: 'SELECT 1' });
    expect(answer.status).toBe(501);
  });

  it('compresses the answer for whoever wants it', async () => {
    const { ask } = protocol(() => 'a long answer\n');
    const wanting = { headers: { 'accept-encoding': 'gzip' } };
    const answer = await ask(`${query('SELECT 1')}&enable_http_compression=1`, wanting);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(await answer.arrayBuffer()).toString()).toBe('a long answer\n');
    expect((await ask(query('SELECT 1'), wanting)).headers.has('content-encoding')).toBe(false);
  });

  it('tells an error with its code, in a status that fits', async () => {
    const { ask, engine } = protocol(() => {
      throw engineError(60, 'UNKNOWN_TABLE', 'There is no table t.');
    });
    const answer = await ask(query('SELECT * FROM t'));
    expect(answer.status).toBe(404);
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('60');
    expect(await answer.text()).toBe(
      'Code: 60. DB::Exception: There is no table t. (UNKNOWN_TABLE)\n',
    );
    expect(engine.open()).toBe(0);
  });

  it('closes the session of a reader who goes away', async () => {
    const { ask, engine } = protocol(() => ['1\n', '2\n', '3\n']);
    await (await ask(query('SELECT 1'))).body?.cancel();
    expect(engine.open()).toBe(0);
  });

  it.each([
    ['basic authentication', { authorization: `Basic ${btoa('reader:s:cret')}` }, ''],
    ['headers', { 'x-clickhouse-user': 'reader', 'x-clickhouse-key': 's:cret' }, ''],
    ['the URL', {}, '&user=reader&password=s%3Acret'],
  ])('lets in whoever shows the password by %s', async (_how, headers, url) => {
    const { ask } = protocol(() => '1\n', { user: 'reader', password: 's:cret' });
    expect((await ask(query('SELECT 1') + url, { headers })).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['a wrong password', { 'x-clickhouse-user': 'reader', 'x-clickhouse-key': 'secret' }],
    ['another name', { 'x-clickhouse-user': 'writer', 'x-clickhouse-key': 's:cret' }],
    ['what is no pair', { authorization: `Basic ${btoa('reader')}` }],
  ])('refuses whoever shows %s', async (_what, headers) => {
    const { ask, engine } = protocol(() => '1\n', { user: 'reader', password: 's:cret' });
    const answer = await ask(query('SELECT 1'), { headers });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('516');
    expect(engine.asked).toEqual([]);
  });
});

/** ClickHouse's own client, against the protocol. */
async function client(
  answer: Answering,
  options: Parameters<typeof createClient>[0] = {},
): Promise<{ client: ClickHouseClient; engine: FakeEngine }> {
  const engine = fakeEngine(answer);
  const server = await serveHttp(clickhouseProtocol({ engine }), { host: '127.0.0.1', port: 0 });
  const connected = createClient({
    url: server.url,
    log: { level: ClickHouseLogLevel.OFF },
    ...options,
  });
  onTestFinished(async () => {
    await connected.close();
    await server.close();
  });
  return { client: connected, engine };
}

describe('the client of ClickHouse', () => {
  it('finds the server alive', async () => {
    expect(await (await client(() => '')).client.ping()).toMatchObject({ success: true });
  });

  it('reads rows as they come, compressed or not', async () => {
    const lines = ['{"n":1}\n{"n":', '2}\n', '{"n":3}\n'];
    for (const response of [true, false]) {
      const { client: reader } = await client(() => lines, { compression: { response } });
      const answer = await reader.query({ query: 'SELECT n FROM t', format: 'JSONEachRow' });
      const rows: unknown[] = [];
      for await (const some of answer.stream<{ n: number }>()) {
        rows.push(...some.map((row) => row.json().n));
      }
      expect(rows).toEqual([1, 2, 3]);
    }
  });

  it('learns of an error that comes after the first rows', async () => {
    const { client: reader } = await client(function* () {
      yield '{"n":1}\n';
      throw engineError(241, 'MEMORY_LIMIT_EXCEEDED', 'Too much of it.');
    });
    const answer = await reader.query({ query: 'SELECT n FROM t', format: 'JSONEachRow' });
    await expect(answer.stream().toArray()).rejects.toMatchObject({
      code: '241',
      type: 'MEMORY_LIMIT_EXCEEDED',
    });
  });

  it('inserts rows, compressed, with settings', async () => {
    const { client: writer, engine } = await client(() => '', { compression: { request: true } });
    await writer.insert({
      table: 't',
      values: [{ a: "it's" }, { a: '\u0000' }],
      format: 'JSONEachRow',
      clickhouse_settings: { async_insert: 0 },
    });
    expect(engine.asked).toEqual([
      {
        set: ["SET `async_insert` = '0'"],
        statement: 'INSERT INTO t FORMAT JSONEachRow\n{"a":"it\'s"}\n{"a":"\\u0000"}\n',
      },
    ]);
  });

  it('sends parameters in the URL, or as a form when they are long', async () => {
    const { client: reader, engine } = await client(() => '');
    const names = Array.from({ length: 500 }, (_, at) => `it's ${at}`);
    for (const use_multipart_params of [false, true]) {
      await reader.command({ query: 'SELECT 1', query_params: { names: ["it's"] } });
      const answer = await reader.query({
        query: 'SELECT {names:Array(String)}',
        query_params: { names },
        use_multipart_params,
        format: 'JSONEachRow',
      });
      await answer.text();
    }
    const [short, inUrl, , asForm] = engine.asked;
    expect(short?.set).toEqual(["SET `param_names` = '[\\'it\\\\\\'s\\']'"]);
    expect(asForm).toEqual(inUrl);
    expect(inUrl?.statement).toBe('SELECT {names:Array(String)} \nFORMAT JSONEachRow');
  });

  it('knows ClickHouse’s errors by code and name', async () => {
    const { client: reader } = await client(() => {
      throw engineError(62, 'SYNTAX_ERROR', 'Syntax error: failed at position 1.');
    });
    await expect(reader.command({ query: 'SELEC' })).rejects.toMatchObject({
      code: '62',
      type: 'SYNTAX_ERROR',
    });
  });
});
