/**
 * `npm run load:history [-- ROWS...]`: how fast history is recorded: messages as they come out of the queue, a hundred at a time, are
 * read, checked and inserted into a ClickHouse, the one that KALCIFER_CLICKHOUSE_URL names or `kalcifer clickhouse` on a folder of its
 * own; then half of them a second time, and how fast the figures of a journey are read. Prints its figures.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connectClickhouse } from '../lib/analytics/clickhouse.ts';
import { funnel } from '../lib/analytics/funnel.ts';
import { historyWriter } from '../lib/analytics/history-writer.ts';
import { nodeFigures } from '../lib/analytics/journey-figures.ts';
import { recordMessages } from '../lib/analytics/record-messages.ts';
import { writeHistoryMessages } from '../lib/history-message.ts';
import type { HistoryRow } from '../lib/ports/history-sink.ts';
import { describeMachine } from './machine.ts';
import { percentile } from './percentile.ts';

const messagesPerBatch = 100;
const journey = 'welcome';
const nodes = ['entry_1', 'email_1', 'wait_1', 'goal_1'];

const sizes = process.argv.slice(2).map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
  console.error('usage: npm run load:history [-- NUMBER_OF_ROWS...], for example 100000 1000000');
  process.exit(2);
}
console.log(JSON.stringify(describeMachine()));
const parent = join('load', 'data');
await mkdir(parent, { recursive: true });
const folder = await mkdtemp(join(parent, 'history-'));
const given = process.env['KALCIFER_CLICKHOUSE_URL'];
const server = given === undefined ? await startServer() : undefined;
const clickhouse = connectClickhouse({ url: server?.url ?? given ?? '' });
try {
  for (const size of sizes.length === 0 ? [1_000_000] : sizes) await measure(size);
} finally {
  await clickhouse.client.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(size: number): Promise<void> {
  const tenant = `load_${Date.now()}`;
  const batches = batchesOf(tenant, size);
  const writer = historyWriter(clickhouse);
  const deadLetters = { put: () => Promise.reject(new Error('No row is dead here.')) };
  await writer.write([rowOf(`${tenant}_warm`, 0)]);
  const times: number[] = [];
  const record = async (messages: readonly string[]): Promise<number> => {
    const started = performance.now();
    const rows = messages.map((body, at) => ({ id: String(at), body }));
    const { rows: recorded, trouble } = await recordMessages({ writer, deadLetters }, rows);
    if (trouble !== undefined) throw trouble;
    times.push(performance.now() - started);
    return recorded;
  };
  const started = performance.now();
  let recorded = 0;
  for (const batch of batches) recorded += await record(batch);
  const seconds = (performance.now() - started) / 1000;
  console.log(`\n${recorded} rows in ${batches.length} batches of ${messagesPerBatch} messages`);
  tell('recorded', `${Math.round(recorded / seconds)} rows/s, one batch at a time`);
  tell('batch', `p50 ${ms(percentile(times, 50))}, p99 ${ms(percentile(times, 99))}`);

  for (const batch of batches.slice(0, Math.ceil(batches.length / 2))) await record(batch);
  const scope = { tenant, journey };
  const before = performance.now();
  const figures = await nodeFigures(clickhouse, scope);
  tell('nodes', `counted in ${ms(performance.now() - before)} with half of the batches told twice`);
  const counted = figures.reduce((sum, { reached }) => sum + reached, 0);
  if (counted !== size) throw new Error(`${counted} steps were counted, ${size} were recorded.`);
  const beforeFunnel = performance.now();
  await funnel(clickhouse, scope, nodes);
  tell('funnel', `over ${nodes.length} nodes in ${ms(performance.now() - beforeFunnel)}`);
}

/** As many rows to a message, and messages to a batch, as in the deployment. */
function batchesOf(tenant: string, size: number): readonly (readonly string[])[] {
  const rows = Array.from({ length: size }, (_, at) => rowOf(tenant, at));
  const messages = writeHistoryMessages(rows);
  return Array.from({ length: Math.ceil(messages.length / messagesPerBatch) }, (_, at) =>
    messages.slice(at * messagesPerBatch, (at + 1) * messagesPerBatch),
  );
}

/** A step of an ordinary journey. */
function rowOf(tenant: string, at: number): HistoryRow {
  const digest = createHash('sha256').update(`${tenant} ${at}`).digest('hex');
  const eventId = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  const instance = Math.floor(at / nodes.length);
  return {
    eventId,
    kind: 'step_ended',
    tenant,
    journey,
    version: 1,
    instance: `0VGhZr1S${String(instance).padStart(12, '0')}`,
    customer: `customer_${instance}`,
    at: Date.parse('2026-01-01T00:00:00Z') + at * 20,
    startedAt: Date.parse('2026-01-01T00:00:00Z') + at * 20 - 5,
    node: nodes[at % nodes.length] ?? '',
    nodeType: 'wait_for_event',
    status: 'completed',
  };
}

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const args = ['bin/kalcifer.ts', 'clickhouse', '--install', '--folder', folder, '--port', '0'];
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  return {
    url: await urlOf(child),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Its output is read to the end: it says something when it stops, too. */
function urlOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, url] = /on (http:\S+),/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`kalcifer clickhouse did not start: ${said}`)));
  });
}

function tell(name: string, figures: string): void {
  console.log(`  ${name.padEnd(9)} ${figures}`);
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
