/** The journeys that are counted, each gone through twice: what the first customer leaves in memory is there for the second. */
import { saveCustomer } from '../lib/engine/customers/customers.ts';
import { publish } from '../lib/engine/journeys/publish.ts';
import { reconcile } from '../lib/engine/instances/reconcile.ts';
import { receiveEvent } from '../lib/engine/events/receive-event.ts';
import { saveSegment } from '../lib/engine/segments/segments.ts';
import { saveTemplate } from '../lib/engine/sends/templates.ts';
import type { Table } from '../lib/ports/table.ts';
import { countedEngine, type CountedEngine } from './counted-engine.ts';
import type { Calls } from './counted-table.ts';
import { referenceGraph } from './reference-graph.ts';
import { tourGraph } from './tour-graph.ts';
import { welcomeGraph } from './welcome-graph.ts';

/** By what was done, in order. */
export type Counted = ReadonlyMap<string, Calls>;

const tenant = 'default';
const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

export interface WelcomeCounted {
  readonly opened: Counted;
  readonly ignored: Counted;
}

export async function runWelcome(table: Table): Promise<WelcomeCounted> {
  const types = new Map(welcomeGraph.nodes.map(({ id, type }) => [id, type]));
  let customer = '';
  const engine = countedEngine(table, (node, verb) =>
    verb === 'run_node'
      ? `${customer},${node} (${types.get(node) ?? ''}) runs`
      : `${customer},${node} times out`,
  );
  try {
    await prepare(engine);
    await publish(engine.ctx, { tenant, journey: 'welcome', graph: welcomeGraph });
    for (customer of ['first', 'opened', 'ignored']) {
      await save(engine, customer);
      await event(engine, customer, 'signed_up', 'an event lets the customer in');
      await engine.pass(dayMs);
      if (customer === 'ignored') await engine.pass(7 * dayMs);
      else await event(engine, customer, 'email_opened', 'an event ends the wait');
      await engine.pass(0);
    }
    await event(engine, 'opened', 'unheard_of', 'an event that concerns nobody');
    return { opened: of(engine, 'opened'), ignored: of(engine, 'ignored') };
  } finally {
    await engine.close();
  }
}

/** The journey whose price is published, by a customer who goes all the way. */
export async function runReference(table: Table): Promise<Counted> {
  let customer = '';
  const engine = countedEngine(table, (node) => `${customer},${node}`);
  try {
    await prepare(engine);
    await publish(engine.ctx, { tenant, journey: 'reference', graph: referenceGraph });
    for (customer of ['first', 'second']) {
      await save(engine, customer);
      const instance = await event(engine, customer, 'signed_up', 'an event lets the customer in');
      await engine.pass(dayMs);
      await event(engine, customer, 'email_opened', 'an event ends the wait');
      await engine.pass(0);
      await engine.countAs(`${customer},its execution has ended`, () =>
        reconcile(engine.ctx, { tenant, instance, epoch: 1 }),
      );
    }
    return of(engine, 'second');
  } finally {
    await engine.close();
  }
}

export async function runTour(table: Table): Promise<Counted> {
  let customer = '';
  const engine = countedEngine(table, (node, verb) =>
    verb === 'run_node' ? `${customer},${node}` : `${customer},${node} times out`,
  );
  try {
    await prepare(engine);
    const rule = { field: 'customer.properties.plan', value: 'pro' };
    await saveSegment(engine.ctx, { tenant, segment: 'pro', name: 'Pro', rule });
    await publish(engine.ctx, { tenant, journey: 'tour', graph: tourGraph });
    for (customer of ['first', 'second']) {
      await save(engine, customer);
      await event(engine, customer, 'toured', 'an event lets the customer in');
      await engine.pass(400 * dayMs);
    }
    return of(engine, 'second');
  } finally {
    await engine.close();
  }
}

async function prepare({ ctx }: CountedEngine): Promise<void> {
  for (const [id, subject] of [
    ['welcome', 'Welcome'],
    ['reminder', 'We miss you'],
  ] as const) {
    const body = '<p>Dear {{ customer.name }}</p>';
    await saveTemplate(ctx, { tenant, template: { id, channel: 'email', subject, body } });
  }
}

async function save({ ctx, countAs }: CountedEngine, customer: string): Promise<void> {
  const fields = {
    email: `${customer}@example.com`,
    phone: '+4915112345678',
    name: 'Ada Lovelace',
    properties: { plan: 'pro', push_token: 'a'.repeat(64) },
  };
  await countAs(`${customer},a customer is saved`, () =>
    saveCustomer(ctx, { tenant, customer, ...fields }),
  );
}

/** @returns the instance that the event brought about, if it did */
async function event(
  { ctx, countAs }: CountedEngine,
  customer: string,
  type: string,
  name: string,
): Promise<string> {
  const { enrolled } = await countAs(`${customer},${name}`, () =>
    receiveEvent(ctx, {
      tenant,
      customer,
      type,
      id: `${customer}-${type}`,
      data: { plan: 'pro', starts_at: new Date(ctx.clock.now() + weekMs).toISOString() },
    }),
  );
  return enrolled[0] ?? '';
}

function of({ calls }: CountedEngine, customer: string): Counted {
  return new Map(
    [...calls].flatMap(([name, counted]) => {
      const [who, ...what] = name.split(',');
      return who === customer ? [[what.join(), counted] as const] : [];
    }),
  );
}
