/** One customer's walk through a journey, by the verbs that every runtime has: what is to be equal everywhere is what it tells. */
import type { JsonObject } from '../../../lib/json.ts';
import type { Harness } from '../../acceptance/harness.ts';
import type { DrawnJson } from '../../support/graphs.ts';

export interface WalkPlan {
  readonly graph: DrawnJson;
  readonly entry?: string;
  readonly context?: JsonObject;
  /** What happens, one after the other, whenever nothing moves any more. */
  readonly events: readonly { readonly type: string; readonly data?: JsonObject }[];
}

export interface WalkTold {
  readonly status: string;
  readonly exitReason?: string;
  readonly positions: readonly string[];
  readonly steps: readonly { node: string; type: string; status: string; branch?: string }[];
  readonly sends: readonly string[];
  readonly conversions: readonly string[];
}

export interface WalkRuntime {
  readonly harness: Harness;
  /** The runtime's now. */
  readonly now: () => number;
  /** A segment that nobody is in. */
  readonly saveSegment: (tenant: string, id: string, rule: JsonObject) => Promise<void>;
}

const tenant = 'T1';
const journey = 'J';
const customer = 'c1';
/** What is due within this time is waited for; everything else needs an event. */
const soonMs = 60_000;

export async function walk(
  { harness: h, now, saveSegment }: WalkRuntime,
  plan: WalkPlan,
): Promise<WalkTold> {
  const { graph, entry, context, events } = plan;
  await saveSegment(tenant, 'vip', { field: 'customer.properties.vip', value: true });
  await h.publish({ tenant, journey, graph });
  await h.customer({ tenant, id: customer, email: 'c1@example.com', name: 'Ada' });
  const { instance: id } = await h.enroll({
    tenant,
    journey,
    customer,
    ...(entry === undefined ? {} : { entry }),
    ...(context === undefined ? {} : { context }),
  });
  await passTimers(h, id, now);
  for (const { type, data } of events) {
    if ((await h.instance(id)).status !== 'waiting') break;
    await h.event({ tenant, customer, type, ...(data === undefined ? {} : { data }) });
    await passTimers(h, id, now);
  }
  const { status, exitReason, positions } = await h.instance(id);
  const steps = await h.steps(id);
  const conversions = await h.conversions({ tenant, journey });
  return {
    status,
    ...(exitReason === undefined ? {} : { exitReason }),
    positions,
    steps: steps.map(({ node, type, status: stepStatus, branch }) => ({
      node,
      type,
      status: stepStatus,
      ...(branch === undefined ? {} : { branch }),
    })),
    sends: (await h.sends()).map(({ node, channel }) => `${channel} ${node}`),
    conversions: conversions.map(({ name, node }) => `${name} ${node}`),
  };
}

async function passTimers(h: Harness, id: string, now: () => number): Promise<void> {
  await h.settle();
  for (;;) {
    const { deadlines, status } = await h.instance(id);
    const left = Object.values(deadlines).map((deadline) => Date.parse(deadline) - now());
    const soon = left.filter((ms) => ms < soonMs);
    if (status !== 'waiting' || soon.length === 0) return;
    await h.advance(`${Math.max(1, Math.ceil(Math.max(...soon)))}ms`);
  }
}
