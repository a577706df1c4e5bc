/** Plays the simulated customers against the real thing on a virtual clock: compiled machine, executor, engine, table on disk. */
import { readTemplateFiles } from '../../lib/local/template-files.ts';
import { createTestkit, type StepView, type Testkit } from '../../lib/testkit/testkit.ts';
import { seededChance } from '../../lib/testkit/seeded-chance.ts';
import type { Chance } from '../../lib/ports/chance.ts';
import { join } from 'node:path';
import { packageFolder } from '../../lib/release.ts';
import { sampleJourneys } from '../samples.ts';
import { startProgress, type Progress } from '../terminal/progress.ts';
import { opensAfter, signUpAfter } from './behaviour.ts';

export interface SimulationOptions {
  readonly customers: number;
  /** Virtual days. */
  readonly days: number;
  readonly seed: number;
}

export interface Simulation extends SimulationOptions {
  readonly events: number;
  /** Waits that events ended. */
  readonly routed: number;
  readonly sends: ReadonlyMap<string, number>;
  readonly statuses: ReadonlyMap<string, number>;
  /** Steps by node, in graph order, and how many of them took each branch. */
  readonly nodes: readonly NodeCount[];
  readonly conversions: number;
  /** One customer who went the long way. */
  readonly example: { readonly customer: string; readonly steps: readonly StepView[] };
  /** Real time that it took. */
  readonly tookMs: number;
}

export interface NodeCount {
  readonly node: string;
  readonly type: string;
  readonly steps: number;
  readonly branches: ReadonlyMap<string, number>;
}

const tenant = 'demo';
const journey = 'welcome';
const hourMs = 3_600_000;
const startedAt = '2026-01-01T00:00:00Z';

export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const began = performance.now();
  const kit = await createTestkit({ seed: options.seed, start: startedAt });
  try {
    await prepare(kit);
    const played = await play(kit, options);
    const counted = await count(kit);
    return { ...options, ...played, ...counted, tookMs: performance.now() - began };
  } finally {
    await kit.close();
  }
}

async function prepare(kit: Testkit): Promise<void> {
  for (const template of await readTemplateFiles(join(packageFolder, 'templates'))) {
    await kit.template({ tenant, ...template });
  }
  const sample = (await sampleJourneys()).find((one) => one.journey === journey);
  await kit.publish({ tenant, journey, graph: sample?.graph });
}

interface PlannedEvent {
  /** Milliseconds after the start. */
  readonly after: number;
  readonly customer: string;
  readonly type: string;
}

/** Hour by hour: what customers do in it, what becomes due in it, and what they will do about the mails of it. */
async function play(
  kit: Testkit,
  { customers, days, seed }: SimulationOptions,
): Promise<Pick<Simulation, 'events' | 'routed'>> {
  const chance = seededChance(seed);
  const hours = days * 24;
  const byHour = Array.from({ length: hours }, (): PlannedEvent[] => []);
  const plan = (event: PlannedEvent): void => {
    byHour[Math.floor(event.after / hourMs)]?.push(event);
  };
  for (const customer of await signUps(kit, customers)) {
    plan({ after: signUpAfter(chance), customer, type: 'signed_up' });
  }
  const progress = startProgress(hours, `${customers} customers, ${days} days`);
  const done = { events: 0, routed: 0, mails: 0 };
  for (let hour = 0; hour < hours; hour++) {
    await kit.advance('1h');
    const events = byHour[hour] ?? [];
    const answers = await Promise.all(
      events.map(({ customer, type }) => kit.event({ tenant, customer, type })),
    );
    await kit.settle();
    done.events += events.length;
    done.routed += answers.reduce((sum, { routed }) => sum + routed, 0);
    done.mails = planOpenings(kit, done.mails, chance, plan);
    showDay(progress, hour, done.events);
  }
  progress.end(`${days} virtual days have passed`);
  return { events: done.events, routed: done.routed };
}

async function signUps(kit: Testkit, customers: number): Promise<readonly string[]> {
  const names = Array.from({ length: customers }, (_, n) => `customer-${n + 1}`);
  for (let first = 0; first < names.length; first += 500) {
    await Promise.all(
      names
        .slice(first, first + 500)
        .map((id) =>
          kit.customer({ tenant, id, email: `${id}@example.com`, name: id.replace('-', ' ') }),
        ),
    );
  }
  return names;
}

/** @returns how many mails have been looked at */
function planOpenings(
  kit: Testkit,
  seen: number,
  chance: Chance,
  plan: (event: PlannedEvent) => void,
): number {
  const mails = kit.sends();
  for (const { customer, template = '', at } of mails.slice(seen)) {
    const delay = opensAfter(template, chance);
    if (delay === undefined) continue;
    plan({ after: Date.parse(at) - Date.parse(startedAt) + delay, customer, type: 'email_opened' });
  }
  return mails.length;
}

function showDay(progress: Progress, hour: number, events: number): void {
  progress.to(hour + 1, `day ${Math.floor(hour / 24) + 1}, ${events} events so far`);
}

async function count(
  kit: Testkit,
): Promise<Pick<Simulation, 'sends' | 'statuses' | 'nodes' | 'conversions' | 'example'>> {
  const nodes = new Map<string, { type: string; steps: number; branches: Map<string, number> }>();
  const statuses = new Map<string, number>();
  const sends = new Map<string, number>();
  let example: { customer: string; steps: readonly StepView[] } = { customer: '', steps: [] };
  for (const id of await kit.instances({ tenant, journey })) {
    const steps = await kit.steps(id);
    add(statuses, (await kit.instance(id)).status);
    for (const { node, type, branch } of steps) {
      const counted = nodes.get(node) ?? { type, steps: 0, branches: new Map<string, number>() };
      counted.steps += 1;
      if (branch !== undefined) add(counted.branches, branch);
      nodes.set(node, counted);
    }
    if (isLongWay(steps) && example.steps.length === 0) {
      example = { customer: customerOf(kit, id), steps };
    }
  }
  for (const { template = 'inline' } of kit.sends()) add(sends, template);
  const conversions = (await kit.conversions({ tenant, journey })).length;
  const counts = [...nodes].map(([node, counted]) => ({ node, ...counted }));
  return { sends, statuses, nodes: counts, conversions, example };
}

/** Past the reminder, and to the goal all the same. */
function isLongWay(steps: readonly StepView[]): boolean {
  return steps.some(({ node }) => node === 'reminder_email') && steps.at(-1)?.node === 'activated';
}

function customerOf(kit: Testkit, instance: string): string {
  return kit.sends({ instance })[0]?.customer ?? '';
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
