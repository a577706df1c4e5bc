/**
 * One process of the embedded runtime under load. It does what it is told over the channel to its parent, one thing at a time, and
 * answers with figures; it can be killed at any moment.
 */
import { performance } from 'node:perf_hooks';
import { enrol } from '../lib/engine/enrolment/enrol.ts';
import { saveCustomer } from '../lib/engine/customers/customers.ts';
import { publish } from '../lib/engine/journeys/publish.ts';
import { receiveEvent } from '../lib/engine/events/receive-event.ts';
import { readJourney } from '../lib/engine/journeys/journeys.ts';
import { isKalciferError } from '../lib/kalcifer-error.ts';
import { openRuntime, type Runtime } from '../lib/local/runtime.ts';
import { acceptingChannel } from './accepting-channel.ts';
import { inParallel } from './in-parallel.ts';
import { percentile } from './percentile.ts';
import { welcomeGraph } from './welcome-graph.ts';
import type { Command, Figures } from './worker-protocol.ts';

const tenant = 'load';
const journey = 'welcome';
const customerOf = (n: number): string => `c_${n}`;

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: worker.ts FOLDER');

const opening = performance.now();
const channel = acceptingChannel();
const runtime = await openRuntime({
  folder,
  channels: { email: { accepting: channel } },
  onError: (error) => console.error(error),
  templatesMustExist: false,
});
const openedMs = performance.now() - opening;
await publishOnce(runtime);
process.send?.({ ready: true, openedMs, sinceProcessStartMs: performance.now() });

process.on('message', (command: Command) => {
  void carryOut(command).then((figures) => process.send?.(figures));
});
process.on('disconnect', () => process.exit());

async function carryOut(command: Command): Promise<Figures> {
  switch (command.do) {
    case 'customers':
      return saveCustomers(command.count);
    case 'start':
      return startInstances(command.customers, command.concurrency);
    case 'dispatch':
      return dispatch(command.customers, command.concurrency);
    case 'memory':
      return memory();
    case 'close':
      await runtime.close();
      return {};
  }
}

async function saveCustomers(count: number): Promise<Figures> {
  await inParallel(range(count), 1000, async (n) => {
    const customer = customerOf(n);
    await saveCustomer(runtime.ctx, { tenant, customer, email: `${customer}@example.com` });
  });
  return {};
}

/** Until every instance is durably waiting. */
async function startInstances(customers: readonly number[], concurrency: number): Promise<Figures> {
  const latencies: number[] = [];
  const sentBefore = channel.accepted();
  const watch = startWatch();
  await inParallel(customers, concurrency, async (n) => {
    const called = performance.now();
    await enrol(runtime.ctx, { tenant, journey, customer: customerOf(n) });
    latencies.push(performance.now() - called);
  });
  await quiet();
  return { ...watch.stop(latencies), sends: channel.accepted() - sentBefore };
}

/** One matching event each, until every journey has completed durably. */
async function dispatch(customers: readonly number[], concurrency: number): Promise<Figures> {
  const latencies: number[] = [];
  let routed = 0;
  const watch = startWatch();
  await inParallel(customers, concurrency, async (n) => {
    const called = performance.now();
    const answer = await receiveEvent(runtime.ctx, {
      tenant,
      customer: customerOf(n),
      type: 'email_opened',
    });
    latencies.push(performance.now() - called);
    routed += answer.routed;
  });
  await quiet();
  return { ...watch.stop(latencies), routed };
}

interface Watch {
  /** `latencies`: of each call, in milliseconds. */
  stop(latencies: readonly number[]): Figures;
}

function startWatch(): Watch {
  const began = performance.now();
  const thread = performance.eventLoopUtilization();
  return {
    stop: (latencies) => {
      const seconds = (performance.now() - began) / 1000;
      const { utilization, active } = performance.eventLoopUtilization(thread);
      return {
        seconds,
        perSecond: latencies.length / seconds,
        p50Ms: percentile(latencies, 50),
        p99Ms: percentile(latencies, 99),
        mainThreadBusy: utilization,
        mainThreadMicrosecondsEach: (active * 1000) / latencies.length,
      };
    },
  };
}

/** Nothing runs and everything is stored. */
async function quiet(): Promise<void> {
  for (;;) {
    const { functionsRunning, functionsWaiting, unstored } = runtime.executor.activity();
    if (functionsRunning + functionsWaiting + unstored === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Of instances that wait and a process at rest: the table moves its log into the data file within a second or two. */
async function memory(): Promise<Figures> {
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  for (let second = 0; second < 4; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    globalThis.gc?.();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, peakRssBytes, heapUsedBytes: heapUsed, externalBytes: external };
}

async function publishOnce({ ctx }: Runtime): Promise<void> {
  try {
    await readJourney(ctx, { tenant, journey });
  } catch (error) {
    if (!isKalciferError(error, 'journey.unknown')) throw error;
    await publish(ctx, { tenant, journey, graph: welcomeGraph });
  }
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}
