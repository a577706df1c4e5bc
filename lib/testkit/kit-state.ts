/** What the parts of the test kit share: the world and the process that lives in it, and how an instance is found by its id. */
import type { EngineContext } from '../engine/engine-context.ts';
import { listJourneys } from '../engine/journeys/journeys.ts';
import { allJourneyInstances, listCustomerInstances } from '../engine/instances/list-instances.ts';
import { instanceOf, type Instance } from '../engine/records/instance.ts';
import { keys } from '../engine/records/keys.ts';
import { KalciferError } from '../kalcifer-error.ts';
import { never } from './crash.ts';
import { tenantsOf } from './leftovers.ts';
import type { TestProcess, World } from './test-process.ts';

export interface KitState {
  readonly world: World;
  process: TestProcess;
}

/** Calls of a process that is dead or dies meanwhile reject. */
export function running<Answer>(state: KitState, work: () => Promise<Answer>): Promise<Answer> {
  const { crash } = state.process;
  return crash.race(crash.happened() ? never() : work());
}

/** The test kit knows every tenant, so an id is enough. */
export async function find(state: KitState, id: string): Promise<Instance> {
  const { table } = state.process;
  for (const tenant of await tenantsOf({ table })) {
    const item = await table.get(keys.instance(tenant, id));
    if (item !== undefined) return instanceOf(item);
  }
  throw new KalciferError('instance.unknown', `There is no instance "${id}".`);
}

/** Oldest first. */
export async function matching(
  { world }: KitState,
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey?: string; readonly customer?: string },
): Promise<readonly Instance[]> {
  const { tenant, journey, customer } = of;
  const found: Instance[] = [];
  if (customer !== undefined) {
    found.push(...(await listCustomerInstances(ctx, { tenant, customer })));
  } else {
    const ids =
      journey === undefined ? (await listJourneys(ctx, tenant)).map(({ id }) => id) : [journey];
    for (const id of ids) {
      for await (const instance of allJourneyInstances(ctx, { tenant, journey: id }))
        found.push(instance);
    }
  }
  return found
    .filter((instance) => journey === undefined || instance.journey === journey)
    .toSorted((a, b) => world.arrivals.inOrder(a, b));
}
