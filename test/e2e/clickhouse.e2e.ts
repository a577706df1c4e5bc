/** ClickHouse's own client against a real ClickHouse engine, served by `kalcifer clickhouse`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { startClickhouse, type ClickhouseProcess } from '../support/clickhouse-process.ts';

let folder: string;
let server: ClickhouseProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-clickhouse-'));
  server = await startClickhouse(folder);
}, 300_000);

afterAll(async () => {
  try {
    await server.end('SIGTERM');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function rowsOf<Row>(query: string, query_params: Record<string, unknown> = {}) {
  const { client } = server.clickhouse;
  const answer = await client.query({ query, query_params, format: 'JSONEachRow' });
  return answer.json<Row>();
}

describe('parameters', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }).map((one) => one.toWellFormed()),
    fc.constantFrom(
      "it's",
      '"',
      '\\',
      "\\'",
      '`',
      '\n\t\r\b\f',
      '{a:String}',
      '日本 😀',
      ' ',
      "''",
    ),
  );

  it('for every text, in a list or alone: is the text that was given', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 5 }), async (one, list) => {
        const query = 'SELECT {one:String} AS one, {list:Array(String)} AS list';
        expect(await rowsOf(query, { one, list })).toEqual([{ one, list }]);
      }),
      { numRuns: 200 },
    );
  });

  it('have the types that their statement gives them', async () => {
    const query = `SELECT
      {number:UInt32} AS number, {far:Int64} AS far, {nothing:Nullable(String)} AS nothing,
      {yes:Bool} AS yes, {time:DateTime64(3, 'UTC')} AS time, {map:Map(String, UInt8)} AS map,
      {nested:Array(Array(Int8))} AS nested`;
    const params = {
      number: 7,
      far: -(2 ** 50),
      nothing: null,
      yes: true,
      time: new Date('2026-01-01T00:00:00.123Z'),
      map: { "it's": 1 },
      nested: [[1], [], [-2, 3]],
    };
    expect(await rowsOf(query, params)).toEqual([
      { ...params, far: params.far, time: '2026-01-01 00:00:00.123' },
    ]);
  });

  it('are refused when they are not of their type, and nobody else’s are seen', async () => {
    await expect(rowsOf('SELECT {n:UInt8}', { n: 'seven' })).rejects.toMatchObject({ code: '457' });
    await expect(rowsOf('SELECT {one:String}')).rejects.toMatchObject({ code: '456' });
  });

  it('may be long', async () => {
    const list = Array.from({ length: 5_000 }, (_, at) => `it's ${at}`);
    const query = 'SELECT length({list:Array(String)}) AS length';
    expect(await rowsOf(query, { list })).toEqual([{ length: 5_000 }]);
  });
});

describe('a request', () => {
  it('has its own settings and its own database', async () => {
    const { client } = server.clickhouse;
    const command = (query: string) => client.command({ query });
    await command('CREATE DATABASE IF NOT EXISTS other');
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map(async (threads) => {
        const answer = await client.query({
          query: "SELECT getSetting('max_threads') AS threads, sleep(0.05) AS slept",
          clickhouse_settings: { max_threads: threads },
          format: 'JSONEachRow',
        });
        return answer.json<{ threads: number }>();
      }),
    );
    expect(answers.flat().map(({ threads }) => threads)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const at = (path: string) => fetch(`${server.url}/?${path}query=SELECT+currentDatabase()`);
    expect(await (await at('database=other&')).text()).toBe('other\n');
    expect(await (await at('')).text()).toBe('default\n');
  });

  it('by GET changes nothing', async () => {
    const query = encodeURIComponent('CREATE TABLE x (a Int8) ENGINE = Memory');
    const answer = await fetch(`${server.url}/?query=${query}`);
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('164');
  });

  it.each([
    ['SELECT * FROM nope', '60', 'UNKNOWN_TABLE'],
    ['SELECT * FROM nope.nope', '81', 'UNKNOWN_DATABASE'],
    ['SELECT nope', '47', 'UNKNOWN_IDENTIFIER'],
    ['SELECT FROM WHERE', '62', 'SYNTAX_ERROR'],
  ])('that fails has ClickHouse’s code: %s', async (query, code, type) => {
    await expect(rowsOf(query)).rejects.toMatchObject({ code, type });
  });

  it('reads a million rows as they come, and learns of an error behind them', async () => {
    const { client } = server.clickhouse;
    const read = async (query: string): Promise<number> => {
      const answer = await client.query({ query, format: 'JSONEachRow' });
      let rows = 0;
      for await (const some of answer.stream()) rows += some.length;
      return rows;
    };
    expect(await read('SELECT number FROM numbers(1000000)')).toBe(1_000_000);
    await expect(
      read('SELECT throwIf(number = 900000) FROM numbers(1000000)'),
    ).rejects.toMatchObject({ code: '395' });
  });

  it('gets whole documents in formats that have a head and a foot', async () => {
    const { client } = server.clickhouse;
    const query = 'SELECT number FROM numbers(200000)';
    const json = await (await client.query({ query, format: 'JSON' })).json();
    expect(json.rows).toBe(200_000);
    const csv = await (await client.query({ query, format: 'CSVWithNames' })).text();
    expect(csv.match(/number/g)).toHaveLength(1);
  });

  it('inserts from many at a time, and none is lost', async () => {
    const { client } = server.clickhouse;
    await client.command({
      query: 'CREATE TABLE many (a UInt32, text String) ENGINE = MergeTree ORDER BY a',
    });
    const text = `it's "quoted" \\ \n\t 日本 \u0000`;
    await Promise.all(
      Array.from({ length: 50 }, (_, batch) =>
        client.insert({
          table: 'many',
          values: Array.from({ length: 100 }, (_, at) => ({ a: batch * 100 + at, text })),
          format: 'JSONEachRow',
        }),
      ),
    );
    const query = 'SELECT count() AS rows, uniqExact(a) AS different, any(text) AS text FROM many';
    expect(await rowsOf(query)).toEqual([{ rows: 5_000, different: 5_000, text }]);
  });
});

describe('a folder', () => {
  it('has one process, and the second is told which', async () => {
    const { code, stderr } = await runCli('clickhouse', '--folder', folder, '--port', '0');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /is in use by process \d+: one ClickHouse per folder.*\[clickhouse_folder\.locked\]/,
    );
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'keeps what was acknowledged after %s',
    async (signal) => {
      const table = `kept_${signal.toLowerCase()}`;
      await server.clickhouse.client.command({
        query: `CREATE TABLE ${table} (a UInt8) ENGINE = MergeTree ORDER BY a`,
      });
      await server.clickhouse.client.insert({
        table,
        values: [{ a: 1 }, { a: 2 }],
        format: 'JSONEachRow',
      });
      await server.end(signal);
      server = await startClickhouse(folder);
      expect(await rowsOf(`SELECT a FROM ${table} ORDER BY a`)).toEqual([{ a: 1 }, { a: 2 }]);
    },
  );

  it('may have a password', async () => {
    await server.end('SIGTERM');
    server = await startClickhouse(folder, {
      environment: { KALCIFER_CLICKHOUSE_PASSWORD: 's3cret' },
    });
    await expect(rowsOf('SELECT 1')).rejects.toMatchObject({ type: 'AUTHENTICATION_FAILED' });
    const answer = await fetch(`${server.url}/?query=SELECT+1`, {
      headers: { 'x-clickhouse-user': 'default', 'x-clickhouse-key': 's3cret' },
    });
    expect(await answer.text()).toBe('1\n');
  });
});
