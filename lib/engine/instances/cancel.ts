/** Takes an instance out by hand: whatever it waits for is over, and no effect of it commits any more (semantics 3.1). */
import type { EngineContext } from '../engine-context.ts';
import { exitInstance } from './exit-instance.ts';
import { invalidTransition } from './invalid-transition.ts';
import { readInstance } from './read-instance.ts';
import type { Instance } from '../records/instance.ts';

/** @throws KalciferError `instance.unknown`, or `instance.invalid_transition` when it has ended already */
export async function cancel(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly instance: string },
): Promise<Instance> {
  const { tenant, instance: id } = of;
  const exited = await exitInstance(ctx, { tenant, id }, () => ({
    reason: 'cancelled_by_operator',
    note: 'an operator took the customer out',
  }));
  if (exited === 'stays') throw invalidTransition(await readInstance(ctx, of), 'cancelled');
  return exited;
}
