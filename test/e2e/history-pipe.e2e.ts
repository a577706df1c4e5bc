/**
 * History on its whole way through a deployment: the table's stream, two functions, a queue, ClickHouse. While ClickHouse is away
 * customers walk on and the queue keeps what is told of them; afterwards the counts are those of the API's timelines.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployApp } from '../../bin/local/deploy.ts';
import type { Deployment } from '../../bin/local/deployment.ts';
import { instanceFigures, nodeFigures } from '../../lib/analytics/journey-figures.ts';
import { drawGraph } from '../support/graphs.ts';
import { runCli } from '../support/run-cli.ts';
import type { ApiInstance, ApiTimeline } from './support/api-answers.ts';
import { openClickhouse, type DeployedClickhouse } from './support/deployed-clickhouse.ts';
import { openEmulator, type OpenedEmulator } from './support/emulator.ts';
import { deployedApi, messagesIn, putEvents } from './support/public-aws.ts';
import type { TenantApi } from './support/tenant-api.ts';
import { until } from './support/waiting-until.ts';

const stage = 'history';
const tenant = 'acme';
const journey = 'nudge';
const scope = { tenant, journey };

const graph = drawGraph(
  {
    in: ['event_entry', { event_type: 'visited' }],
    seen: ['add_tag', { tag: 'seen' }],
    bought: ['wait_for_event', { event_type: 'bought', timeout: '30d' }],
    sold: ['track_conversion', { event_name: 'sale' }],
    out: ['exit'],
  },
  [
    'in -> seen',
    'seen -> bought',
    'bought -> sold [event_received]',
    'bought -> out [timed_out]',
    'sold -> out',
  ],
);

let emulator: OpenedEmulator;
let clickhouse: DeployedClickhouse;
let deployed: Deployment;
let api: TenantApi;

beforeAll(async () => {
  emulator = await openEmulator();
  const { target, folder } = emulator;
  const journeys = join(folder.state, 'journeys');
  mkdirSync(join(journeys, journey), { recursive: true });
  writeFileSync(join(journeys, journey, 'v1.journey.json'), JSON.stringify(graph));
  expect(await runCli('statemachines', '--folder', journeys)).toMatchObject({ code: 0 });
  clickhouse = await openClickhouse(emulator);
  const context = [`statemachines=${journeys}`, ...clickhouse.context];
  const mailFrom = 'kalcifer@example.com';
  deployed = await deployApp({ target, folder, stage, tenants: tenant, mailFrom, context }, 'kept');
  api = await deployedApi(deployed, tenant);
  // What could not be recorded comes back after this many seconds; in a deployment, after minutes.
  await new SQSClient({}).send(
    new SetQueueAttributesCommand({
      QueueUrl: historyQueue(),
      Attributes: { VisibilityTimeout: '3' },
    }),
  );
});

afterAll(async () => {
  try {
    await clickhouse.close();
  } finally {
    await emulator.close();
  }
});

const historyQueue = (): string => deployed.outputs.HistoryQueueUrl ?? '';

const send = (customers: readonly string[], type: string): Promise<void> =>
  putEvents(
    deployed.outputs.BusName ?? '',
    customers.map((customer) => ({ tenant, customer, type })),
  );

const named = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

async function instancesOf(customers: readonly string[]): Promise<readonly ApiInstance[]> {
  const found = await Promise.all(
    customers.map(async (customer) => {
      const path = `/v1/customers/${customer}/instances`;
      return (await api.call<{ instances: readonly ApiInstance[] }>('GET', path)).instances;
    }),
  );
  return found.flat();
}

const allAre = (customers: readonly string[], status: string): Promise<unknown> =>
  until(`${customers.length} customers are ${status}`, async () => {
    const instances = await instancesOf(customers);
    return instances.length === customers.length && instances.every((one) => one.status === status);
  });

/** Steps by node, as the API tells them. */
async function stepsOf(customers: readonly string[]): Promise<Record<string, number>> {
  const steps: Record<string, number> = {};
  for (const { id } of await instancesOf(customers)) {
    const timeline = await api.call<ApiTimeline>('GET', `/v1/instances/${id}/timeline`);
    for (const { node } of timeline.steps) steps[node] = (steps[node] ?? 0) + 1;
  }
  return steps;
}

async function recordedSteps(): Promise<Record<string, number>> {
  const nodes = await nodeFigures(clickhouse.clickhouse, scope);
  return Object.fromEntries(nodes.map(({ node, reached }) => [node, reached]));
}

// One after the other: they tell one story.
describe('history', () => {
  const early = named('early', 3);
  const late = named('late', 12);

  it('reaches ClickHouse by itself', async () => {
    await send(early, 'visited');
    await allAre(early, 'waiting');
    const steps = await stepsOf(early);
    expect(steps).toEqual({ in: 3, seen: 3, bought: 3 });
    await until('the steps are in ClickHouse', async () => {
      const recorded = await recordedSteps().catch(() => ({}));
      return JSON.stringify(recorded) !== '{}' && (await messagesIn(historyQueue())) === 0;
    });
    await until('all of them are', async () => (await recordedSteps()).bought === 3);
    expect(await recordedSteps()).toEqual(steps);
  });

  it('S22: stays in the queue while ClickHouse is away, and nobody waits for it', async () => {
    await clickhouse.goAway();
    await send(late, 'visited');
    await allAre(late, 'waiting');
    await send(late.slice(0, 5), 'bought');
    await allAre(late.slice(0, 5), 'completed');
    await until('the queue holds rows', async () => (await messagesIn(historyQueue())) > 0);
  });

  it('S22: counts exactly what the API tells as soon as ClickHouse is back', async () => {
    await clickhouse.comeBack();
    const all = [...early, ...late];
    await until('everybody has been counted', async () => {
      const { entered, completed } = await instanceFigures(clickhouse.clickhouse, scope);
      return entered === 15 && completed === 5;
    });
    await until('the queue is empty', async () => (await messagesIn(historyQueue())) === 0);
    const steps = await stepsOf(all);
    expect(steps).toEqual({ in: 15, seen: 15, bought: 15, sold: 5, out: 5 });
    expect(await recordedSteps()).toEqual(steps);
    const nodes = await nodeFigures(clickhouse.clickhouse, scope);
    expect(nodes.find(({ node }) => node === 'bought')).toMatchObject({
      nodeType: 'wait_for_event',
      reached: 15,
      open: 10,
      completed: 5,
      branches: { event_received: 5 },
    });
  });
});
