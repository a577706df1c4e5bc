/** Counts what ended instances left behind; in a healthy system, nothing. */
import { allJourneyInstances } from '../engine/instances/list-instances.ts';
import { listJourneys } from '../engine/journeys/journeys.ts';
import { readPartition } from '../engine/read-pages.ts';
import { executionName, isTerminal, type Instance } from '../engine/records/instance.ts';
import { customerPk, keyParts, keys, tenantsPk } from '../engine/records/keys.ts';
import { membershipOf } from '../engine/records/membership.ts';
import { waitRegistrationOf } from '../engine/records/wait-registration.ts';
import {
  executionKey,
  rowKey,
  splitTimerKey,
  timersPartition,
} from '../local/executor/execution-key.ts';
import type { EngineContext } from '../engine/engine-context.ts';

export interface Leftovers {
  /** Registrations of waits and exit watches of instances that have ended. */
  readonly waits: number;
  /** Timers of executions of ended instances. */
  readonly timers: number;
  /** Memberships that still say the customer is in the journey. */
  readonly locks: number;
  /** Executions of ended instances that are still there, and could still be answered. */
  readonly tokens: number;
}

export async function countLeftovers(ctx: EngineContext): Promise<Leftovers> {
  const left = { waits: 0, timers: 0, locks: 0, tokens: 0 };
  const ended = new Set<string>();
  for (const tenant of await tenantsOf(ctx)) {
    for (const journey of await listJourneys(ctx, tenant)) {
      for await (const instance of allJourneyInstances(ctx, { tenant, journey: journey.id })) {
        if (!isTerminal(instance)) continue;
        for (const key of executionKeys(instance)) ended.add(key);
        left.waits += await openRegistrations(ctx, instance);
        left.locks += await heldLocks(ctx, instance);
      }
    }
  }
  for (const key of ended) if ((await ctx.table.get(rowKey(key))) !== undefined) left.tokens += 1;
  for await (const { sk } of readPartition(ctx.table, { pk: timersPartition })) {
    if (ended.has(splitTimerKey(sk).key)) left.timers += 1;
  }
  return left;
}

export async function tenantsOf(ctx: Pick<EngineContext, 'table'>): Promise<readonly string[]> {
  const tenants: string[] = [];
  for await (const { sk } of readPartition(ctx.table, { pk: tenantsPk })) {
    tenants.push(keyParts(sk)[0] ?? '');
  }
  return tenants;
}

function executionKeys(instance: Instance): readonly string[] {
  return Array.from({ length: instance.epoch }, (_, epochs) =>
    executionKey(instance.tenant, executionName({ id: instance.id, epoch: epochs + 1 })),
  );
}

async function openRegistrations(
  ctx: EngineContext,
  { tenant, customer, id }: Instance,
): Promise<number> {
  let open = 0;
  const query = { pk: customerPk(tenant, customer), prefix: 'w#' };
  for await (const item of readPartition(ctx.table, query)) {
    if (waitRegistrationOf(item).instance === id) open += 1;
  }
  const watch = await ctx.table.get(keys.profileWatch(tenant, customer, id));
  if (watch !== undefined) open += 1;
  return open;
}

async function heldLocks(
  ctx: EngineContext,
  { tenant, customer, journey, id }: Instance,
): Promise<number> {
  const item = await ctx.table.get(keys.membership(tenant, customer, journey));
  const membership = item === undefined ? undefined : membershipOf(item);
  return membership?.instance === id && membership.live ? 1 : 0;
}
