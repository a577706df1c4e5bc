import { describe, expect, it } from 'vitest';
import { connectClickhouse } from '../../lib/analytics/clickhouse.ts';
import { historyWriter } from '../../lib/analytics/history-writer.ts';
import { engineError } from '../../lib/local/clickhouse/clickhouse-engine.ts';
import { fakeClickhouse, type FakeEngine } from '../support/fake-clickhouse.ts';
import { aHistoryRow } from '../support/history-rows.ts';

const isInsert = (statement: string): boolean => statement.startsWith('INSERT INTO `kalcifer`');

/** The rows of each insert that was tried. */
function inserts({ asked }: FakeEngine): Record<string, unknown>[][] {
  return asked
    .filter(({ statement }) => isInsert(statement))
    .map(({ statement }) =>
      statement
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    );
}

const applied = (statement: string): string =>
  statement.startsWith('SELECT max(version)') ? '{"version":1}\n' : '';

describe('the history writer', () => {
  it('inserts all rows at once, columns by name, times in UTC, what is absent as empty', async () => {
    const { clickhouse, engine } = await fakeClickhouse(applied);
    const row = aHistoryRow({ node: "it's", branch: 'yes', startedAt: 1_767_225_600_123 });
    expect(await historyWriter(clickhouse).write([row, aHistoryRow()])).toEqual([]);
    const [rows, ...others] = inserts(engine);
    expect(others).toEqual([]);
    expect(rows).toHaveLength(2);
    expect(rows?.[0]).toEqual({
      tenant: 'test_tenant',
      journey: 'welcome',
      version: 1,
      kind: 'step_ended',
      node: "it's",
      event_id: row.eventId,
      at: '2026-01-01 00:00:00.000',
      instance: row.instance,
      customer: row.customer,
      node_type: '',
      branch: 'yes',
      status: 'completed',
      reason: '',
      started_at: '2026-01-01 00:00:00.123',
      channel: '',
      provider: '',
      attempts: 0,
      name: '',
      value: null,
      epoch: 0,
    });
    const insert = engine.asked.find(({ statement }) => isInsert(statement));
    expect(insert?.statement).toContain('history (tenant, journey, version, kind, node, event_id,');
    expect(insert?.set).toContain("SET `async_insert` = '0'");
    expect(insert?.set).toContain("SET `throw_on_max_partitions_per_insert_block` = '0'");
  });

  it('asks nothing of ClickHouse when there are no rows', async () => {
    const { clickhouse, engine } = await fakeClickhouse();
    expect(await historyWriter(clickhouse).write([])).toEqual([]);
    expect(engine.asked).toEqual([]);
  });

  it('creates nothing where the tables are up to date, and looks once', async () => {
    const { clickhouse, engine } = await fakeClickhouse(applied);
    const writer = historyWriter(clickhouse);
    await writer.write([aHistoryRow()]);
    await writer.write([aHistoryRow()]);
    expect(engine.asked.map(({ statement }) => statement.split(' ')[0])).toEqual([
      'SELECT',
      'INSERT',
      'INSERT',
    ]);
  });

  it.each([
    [81, 'UNKNOWN_DATABASE'],
    [60, 'UNKNOWN_TABLE'],
  ])('creates database and tables where they are missing (%i)', async (code, name) => {
    const { clickhouse, engine } = await fakeClickhouse((statement) => {
      if (statement.startsWith('SELECT')) throw engineError(code, name, 'It is not there.');
      return '';
    });
    await historyWriter(clickhouse).write([aHistoryRow()]);
    const statements = engine.asked.map(({ statement }) => statement.trim());
    expect(statements.map((statement) => statement.slice(0, 22))).toEqual([
      'SELECT max(version) AS',
      'CREATE DATABASE IF NOT',
      'CREATE TABLE IF NOT EX',
      'CREATE TABLE IF NOT EX',
      'INSERT INTO {database:',
      'INSERT INTO `kalcifer`',
    ]);
  });

  it('looks for the tables again after they were dropped', async () => {
    let dropped = true;
    const { clickhouse, engine } = await fakeClickhouse((statement) => {
      if (!isInsert(statement) || !dropped) return applied(statement);
      throw engineError(60, 'UNKNOWN_TABLE', 'It was there.');
    });
    const writer = historyWriter(clickhouse);
    const row = aHistoryRow();
    await expect(writer.write([row])).rejects.toMatchObject({ code: 'clickhouse.unavailable' });
    dropped = false;
    expect(await writer.write([row])).toEqual([]);
    expect(engine.asked.filter(({ statement }) => statement.startsWith('SELECT'))).toHaveLength(2);
  });

  it('finds the rows that ClickHouse refuses, and stores all others', async () => {
    const { clickhouse, engine } = await fakeClickhouse((statement) => {
      if (isInsert(statement) && /bad_\d/.test(statement)) {
        throw engineError(41, 'CANNOT_PARSE_DATETIME', 'Cannot read DateTime: bad_1, customer_1');
      }
      return applied(statement);
    });
    const rows = Array.from({ length: 100 }, (_, at) =>
      aHistoryRow({ instance: [3, 77].includes(at) ? `bad_${at}` : `i${at}` }),
    );
    const refused = await historyWriter(clickhouse).write(rows);
    expect(refused).toEqual([
      { row: rows[3], why: 'CANNOT_PARSE_DATETIME (41)' },
      { row: rows[77], why: 'CANNOT_PARSE_DATETIME (41)' },
    ]);
    const stored = inserts(engine).filter(
      (batch) => !batch.some(({ instance }) => String(instance).startsWith('bad_')),
    );
    expect(new Set(stored.flat().map(({ instance }) => instance)).size).toBe(98);
  });

  it.each([
    [241, 'MEMORY_LIMIT_EXCEEDED'],
    [252, 'TOO_MANY_PARTS'],
    [516, 'AUTHENTICATION_FAILED'],
    [16, 'NO_SUCH_COLUMN_IN_TABLE'],
    [164, 'READONLY'],
  ])('takes error %i for one that is no fault of the rows', async (code, name) => {
    const { clickhouse } = await fakeClickhouse((statement) => {
      if (isInsert(statement)) throw engineError(code, name, 'row of customer_1');
      return applied(statement);
    });
    const failing = historyWriter(clickhouse).write([aHistoryRow()]);
    await expect(failing).rejects.toMatchObject({
      code: 'clickhouse.unavailable',
      message: `ClickHouse does not do it now: ${name} (${code}).`,
    });
  });

  it('says that ClickHouse is away', async () => {
    const away = connectClickhouse({ url: 'http://127.0.0.1:1' });
    await expect(historyWriter(away).write([aHistoryRow()])).rejects.toMatchObject({
      code: 'clickhouse.unavailable',
      message: 'ClickHouse does not do it now: ECONNREFUSED.',
    });
    await away.client.close();
  });

  it('prepares the tables again when the first attempt at it failed', async () => {
    let isAway = true;
    const { clickhouse, engine } = await fakeClickhouse((statement) => {
      if (isAway) throw engineError(210, 'NETWORK_ERROR', 'It is starting.');
      return applied(statement);
    });
    const writer = historyWriter(clickhouse);
    const row = aHistoryRow();
    await expect(writer.write([row])).rejects.toMatchObject({ code: 'clickhouse.unavailable' });
    isAway = false;
    expect(await writer.write([row])).toEqual([]);
    expect(inserts(engine)).toHaveLength(1);
  });
});

describe('connectClickhouse', () => {
  it.each(['ftp://host', 'host:8123', '', 'http//x'])('refuses the address "%s"', (url) => {
    expect(() => connectClickhouse({ url })).toThrow(
      expect.objectContaining({ code: 'clickhouse.url' }),
    );
  });

  it.each(['1st', 'a-b', 'a`b', '', 'x'.repeat(65)])('refuses the database "%s"', (database) => {
    expect(() => connectClickhouse({ url: 'http://host', database })).toThrow(
      expect.objectContaining({ code: 'clickhouse.database' }),
    );
  });
});
