/**
 * `npm run load [-- SIZE...]`: how fast journeys start, how fast matched events complete them, what they cost in memory and on disk
 * while they wait, and how long a killed process takes to come back. Figures go to `load/results/`, dated, with the machine.
 */
import { mkdtemp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeMachine } from './machine.ts';
import { shuffled } from './shuffled.ts';
import { buildWorker, startWorker } from './worker-process.ts';
import type { Figures } from './worker-protocol.ts';

const startConcurrency = 512;
const dispatchConcurrency = 512;
const latencySamples = 1000;
/** Dispatched before the latency is measured: a process that has just started still compiles its own code. */
const warmUpSamples = 1000;

const sizes = process.argv.slice(2).map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
  console.error('usage: npm run load [-- NUMBER_OF_INSTANCES...], for example 10000 100000');
  process.exit(2);
}
const workerScript = buildWorker('.');
const now = new Date().toISOString();
const results: Record<string, unknown>[] = [];
for (const size of sizes.length === 0 ? [10_000, 100_000] : sizes) {
  results.push(await measure(size));
}
const report = { measuredAt: now, machine: describeMachine(), journey: 'welcome', results };
await mkdir('load/results', { recursive: true });
const file = `load/results/${now.slice(0, 19).replaceAll(':', '')}Z.json`;
await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`\nwritten to ${file}`);

async function measure(size: number): Promise<Record<string, unknown>> {
  console.log(`\n${size} instances of the welcome journey`);
  const parent = join('load', 'data');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'run-'));
  try {
    return await phases(size, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function phases(size: number, folder: string): Promise<Record<string, unknown>> {
  let worker = await startWorker(workerScript, folder);
  const emptyMemory = await worker.tell({ do: 'memory' });
  await worker.tell({ do: 'customers', count: size });
  const diskBefore = await diskBytes(folder);
  const customers = shuffled(size);

  const starts = await worker.tell({ do: 'start', customers, concurrency: startConcurrency });
  tell(
    'starts',
    `${rate(starts)} starts/s until durably waiting, p99 ${ms(starts.p99Ms)}; ${processor(starts)}`,
  );
  const memory = await worker.tell({ do: 'memory' });
  const disk = await diskBytes(folder);
  const bytesPerInstance = (disk - diskBefore) / size;
  console.log(
    `  memory    ${megabytes(memory.rssBytes)} RSS after GC with all alive and at rest (${megabytes(emptyMemory.rssBytes)} empty, ${megabytes(memory.peakRssBytes)} at the most); disk ${Math.round(bytesPerInstance)} bytes per instance`,
  );

  await worker.kill();
  worker = await startWorker(workerScript, folder);
  const recovery = {
    openedMs: worker.ready.openedMs,
    processStartToAnsweringMs: worker.startedMs,
  };
  console.log(
    `  recovery  ${ms(recovery.openedMs)} after kill -9 with ${size} waiting (${ms(recovery.processStartToAnsweringMs)} with the start of the process)`,
  );

  const warmUp = customers.slice(0, Math.min(warmUpSamples, Math.floor(size / 4)));
  const warm = await worker.tell({ do: 'dispatch', customers: warmUp, concurrency: 1 });
  const samples = customers.slice(
    warmUp.length,
    warmUp.length + Math.min(latencySamples, Math.floor(size / 4)),
  );
  const unloaded = await worker.tell({ do: 'dispatch', customers: samples, concurrency: 1 });
  tell(
    'dispatch',
    `p50 ${ms(unloaded.p50Ms)}, p99 ${ms(unloaded.p99Ms)}, one at a time, after ${warmUp.length} unmeasured`,
  );
  const rest = customers.slice(warmUp.length + samples.length);
  const events = await worker.tell({
    do: 'dispatch',
    customers: rest,
    concurrency: dispatchConcurrency,
  });
  tell(
    'events',
    `${rate(events)} matched events/s, each completing its journey, p99 ${ms(events.p99Ms)} at ${dispatchConcurrency} at a time; ${processor(events)}`,
  );
  const routed = (warm.routed ?? 0) + (unloaded.routed ?? 0) + (events.routed ?? 0);
  if (routed !== size) throw new Error(`only ${routed} of ${size} events found their wait`);
  await worker.tell({ do: 'close' });
  await worker.kill();
  return {
    instances: size,
    startConcurrency,
    starts,
    dispatchWarmUp: warm,
    dispatchUnloaded: unloaded,
    dispatchConcurrency,
    events,
    memory: { empty: emptyMemory, allWaiting: memory },
    diskBytesPerInstance: bytesPerInstance,
    recovery,
  };
}

async function diskBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

function tell(what: string, text: string): void {
  console.log(`  ${what.padEnd(9)} ${text}`);
}

function rate({ perSecond = 0 }: Figures): string {
  return Math.round(perSecond).toLocaleString('en');
}

/** Where the limit is: the main thread is one, whatever the machine has. */
function processor({ mainThreadBusy = 0, mainThreadMicrosecondsEach = 0 }: Figures): string {
  return `main thread ${(mainThreadBusy * 100).toFixed(0)} % busy, ${mainThreadMicrosecondsEach.toFixed(0)} µs each`;
}

function ms(value: number | undefined): string {
  return `${(value ?? 0).toFixed(2)} ms`;
}

function megabytes(bytes: number | undefined): string {
  return `${((bytes ?? 0) / 1_000_000).toFixed(0)} MB`;
}
