/** Lists instances: those of a journey through the index, those of a customer through the customer's own partition. */
import type { EngineContext } from '../engine-context.ts';
import { readIndex, readPartition } from '../read-pages.ts';
import { instanceOf, type Instance } from '../records/instance.ts';
import { customerPk, journeyIndex, keys, membershipPrefix } from '../records/keys.ts';
import { membershipOf } from '../records/membership.ts';

export interface InstancesPage {
  readonly instances: readonly Instance[];
  /** Id to go on after; absent at the end. */
  readonly next?: string;
}

/** Instances of one journey, oldest first. */
export async function listJourneyInstances(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey: string },
  page: { readonly limit: number; readonly after?: string },
): Promise<InstancesPage> {
  const answer = await ctx.table.queryIndex({
    index: journeyIndex(of.tenant, of.journey),
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: keys.instance(of.tenant, page.after) }),
  });
  const instances = answer.items.map(instanceOf);
  const last = instances.at(-1);
  return { instances, ...(answer.more && last !== undefined ? { next: last.id } : {}) };
}

/** Every instance of a journey, oldest first. */
export async function* allJourneyInstances(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey: string },
): AsyncGenerator<Instance> {
  for await (const item of readIndex(ctx.table, { index: journeyIndex(of.tenant, of.journey) })) {
    yield instanceOf(item);
  }
}

/** Every instance of a customer, oldest first: the latest of each journey leads to the ones before it. */
export async function listCustomerInstances(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly customer: string },
): Promise<readonly Instance[]> {
  const instances: Instance[] = [];
  const query = { pk: customerPk(of.tenant, of.customer), prefix: membershipPrefix };
  for await (const item of readPartition(ctx.table, query)) {
    let id: string | undefined = membershipOf(item).instance;
    while (id !== undefined) {
      const row = await ctx.table.get(keys.instance(of.tenant, id));
      if (row === undefined) break;
      const instance = instanceOf(row);
      instances.push(instance);
      id = instance.previous;
    }
  }
  return instances.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
