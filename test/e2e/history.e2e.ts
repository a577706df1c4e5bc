/** History in a real ClickHouse: what is told many times counts once, and ClickHouse may be away. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClickhouse } from '../../lib/analytics/clickhouse.ts';
import { funnel } from '../../lib/analytics/funnel.ts';
import { historyWriter } from '../../lib/analytics/history-writer.ts';
import {
  conversionFigures,
  instanceFigures,
  messageFigures,
  nodeFigures,
} from '../../lib/analytics/journey-figures.ts';
import { recordMessages } from '../../lib/analytics/record-messages.ts';
import { prepareSchema } from '../../lib/analytics/schema.ts';
import { historyOfChanges } from '../../lib/engine/history/history-of-changes.ts';
import { writeHistoryMessages } from '../../lib/history-message.ts';
import { seededChance } from '../../lib/testkit/seeded-chance.ts';
import { startClickhouse, type ClickhouseProcess } from '../support/clickhouse-process.ts';
import { fakeQueue } from '../support/fake-queue.ts';
import { aHistoryRow } from '../support/history-rows.ts';
import { runJourneys } from '../support/history-run.ts';

let folder: string;
let server: ClickhouseProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-history-'));
  server = await startClickhouse(folder);
}, 300_000);

afterAll(async () => {
  try {
    await server.end('SIGTERM');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const write = (rows: Parameters<ReturnType<typeof historyWriter>['write']>[0]) =>
  historyWriter(server.clickhouse).write(rows);

const reached = async (scope: Parameters<typeof nodeFigures>[1]) =>
  Object.fromEntries(
    (await nodeFigures(server.clickhouse, scope)).map((node) => [node.node, node.reached]),
  );

describe('a fact', () => {
  it('counts once, whether its batch is repeated, delivered again with others, or was half stored', async () => {
    const scope = { tenant: 'repeated', journey: 'welcome' };
    const rows = Array.from({ length: 100 }, (_, at) =>
      aHistoryRow({ tenant: 'repeated', node: at % 2 === 0 ? 'email_1' : 'wait_1', value: 0.5 }),
    );
    await write(rows);
    await write(rows);
    await write(rows.slice(0, 37));
    await write([...rows.slice(80), ...rows.slice(0, 10), aHistoryRow({ tenant: 'another' })]);
    expect(await reached(scope)).toEqual({ email_1: 50, wait_1: 50 });
    const { client } = server.clickhouse;
    await client.command({ query: 'OPTIMIZE TABLE kalcifer.history FINAL' });
    expect(await reached(scope)).toEqual({ email_1: 50, wait_1: 50 });
  });

  it('counts once where the times of a batch lie in different months', async () => {
    const day = 86_400_000;
    const rows = Array.from({ length: 24 }, (_, at) =>
      aHistoryRow({ tenant: 'months', at: Date.parse('2026-01-31T23:59:59Z') + at * 10 * day }),
    );
    await write(rows);
    await write(rows.toReversed());
    expect(await reached({ tenant: 'months', journey: 'welcome' })).toEqual({ email_1: 24 });
  });

  it('may be one of 150 tenants, or of 150 months, in one insert', async () => {
    const month = 30 * 86_400_000;
    const tenants = Array.from({ length: 150 }, (_, at) => aHistoryRow({ tenant: `tenant_${at}` }));
    const months = tenants.map((row, at) =>
      aHistoryRow({ ...row, tenant: 'waited_long', instance: `w${at}`, at: row.at + at * month }),
    );
    expect(await write([...tenants, ...months])).toEqual([]);
    expect(await reached({ tenant: 'tenant_149', journey: 'welcome' })).toEqual({ email_1: 1 });
    expect(await reached({ tenant: 'waited_long', journey: 'welcome' })).toEqual({ email_1: 150 });
  });

  it('that ClickHouse refuses is answered alone, and all others are stored', async () => {
    const rows = Array.from({ length: 40 }, () => aHistoryRow({ tenant: 'poisoned' }));
    const late = aHistoryRow({ tenant: 'poisoned', at: Date.UTC(20_000, 0) });
    const halved = aHistoryRow({ tenant: 'poisoned', customer: 'half of a character: \ud83d' });
    const refused = await write([...rows.slice(0, 13), late, halved, ...rows.slice(13)]);
    expect(refused).toEqual([
      { row: late, why: 'CANNOT_PARSE_DATETIME (41)' },
      { row: halved, why: 'CANNOT_PARSE_ESCAPE_SEQUENCE (25)' },
    ]);
    expect(await reached({ tenant: 'poisoned', journey: 'welcome' })).toEqual({ email_1: 40 });
  });

  it('belongs to its tenant, whatever the names', async () => {
    const names = ["it's", 'a\\', 'a\\\\', '', "' OR 1=1 --", 'ünï 日本', 'a\tb\nc'];
    const row = { journey: "J'", node: "n'\\", instance: 'i1' };
    await write(names.map((tenant) => aHistoryRow({ ...row, tenant: `t${tenant}` })));
    for (const tenant of names) {
      const scope = { tenant: `t${tenant}`, journey: "J'" };
      expect(await reached(scope)).toEqual({ "n'\\": 1 });
      expect(await funnel(server.clickhouse, scope, ["n'\\", "x'"])).toEqual([
        { node: "n'\\", instances: 1 },
        { node: "x'", instances: 0 },
      ]);
    }
    const none = await instanceFigures(server.clickhouse, { tenant: 't', journey: 'J' });
    expect(none).toEqual({ entered: 0, completed: 0, exited: 0, failed: 0 });
  });
});

describe('the tables', () => {
  it('may be prepared by any number at a time, and are prepared once', async () => {
    const clickhouse = { ...server.clickhouse, database: 'together' };
    await Promise.all(Array.from({ length: 8 }, () => prepareSchema(clickhouse)));
    await prepareSchema(clickhouse);
    const answer = await clickhouse.client.query({
      query: 'SELECT version FROM together.migrations FINAL',
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([{ version: 1 }]);
  });

  it('are made again after somebody dropped them', async () => {
    const clickhouse = { ...server.clickhouse, database: 'dropped' };
    const writer = historyWriter(clickhouse);
    await writer.write([aHistoryRow()]);
    await clickhouse.client.command({ query: 'DROP DATABASE dropped' });
    const row = aHistoryRow({ tenant: 'dropped' });
    await expect(writer.write([row])).rejects.toMatchObject({ code: 'clickhouse.unavailable' });
    expect(await writer.write([row])).toEqual([]);
  });
});

describe('S22', () => {
  it('ClickHouse away while a hundred customers walk: afterwards all counts are those of the step records', async () => {
    const { changes, table, steps } = await runJourneys();
    const queue = fakeQueue(seededChance(22));
    const historyOf = historyOfChanges(table);
    for (let from = 0; from < changes.length; from += 100) {
      queue.put(writeHistoryMessages(await historyOf(changes.slice(from, from + 100))));
    }
    // A function that stays warm while the server goes and comes back.
    const { url } = server;
    const clickhouse = connectClickhouse({ url });
    const writer = historyWriter(clickhouse);
    const deadLetters = { put: () => Promise.reject(new Error('nothing is poison here')) };
    const deliver = (): Promise<void> =>
      queue.deliver(async (batch) => (await recordMessages({ writer, deadLetters }, batch)).again);

    const kept = queue.size();
    await server.end('SIGKILL');
    await deliver();
    await deliver();
    expect(queue.size()).toBe(kept);
    server = await startClickhouse(folder, { port: Number(new URL(url).port) });
    for (let rounds = 0; queue.size() > 0 && rounds < 50; rounds += 1) await deliver();
    expect(queue.size()).toBe(0);
    await clickhouse.client.close();

    const scope = { tenant: 'T1', journey: 'J', version: 1 };
    expect(await reached(scope)).toEqual(steps);
    expect(await instanceFigures(server.clickhouse, scope)).toEqual({
      entered: 100,
      completed: 100,
      exited: 0,
      failed: 0,
    });
    const nodes = await nodeFigures(server.clickhouse, scope);
    expect(nodes.find(({ node }) => node === 'wait_1')).toEqual({
      node: 'wait_1',
      nodeType: 'wait_for_event',
      reached: 100,
      open: 0,
      completed: 100,
      failed: 0,
      cancelled: 0,
      branches: { event_received: 34, timed_out: 66 },
    });
    expect(await messageFigures(server.clickhouse, scope)).toMatchObject([
      { node: 'email_1', channel: 'email', sent: 100, skipped: 0 },
      { node: 'email_2', channel: 'email', sent: 66 },
    ]);
    expect(await conversionFigures(server.clickhouse, scope)).toEqual([
      { name: 'activated', conversions: 34, customers: 34, value: 0 },
    ]);
    expect(await funnel(server.clickhouse, scope, ['email_1', 'wait_1', 'goal_1'])).toEqual([
      { node: 'email_1', instances: 100 },
      { node: 'wait_1', instances: 100 },
      { node: 'goal_1', instances: 34 },
    ]);
  });
});
