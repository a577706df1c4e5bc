/** Lets a customer who has come into a segment into the journeys that wait for it; then nothing is owed any more. */
import { isKalciferError } from '../../kalcifer-error.ts';
import { derivedId } from '../derived-id.ts';
import type { EngineContext } from '../engine-context.ts';
import { enrol } from './enrol.ts';
import { isUnavailable } from '../leave-to-sweeper.ts';
import type { Admission } from '../records/admission.ts';
import { keys } from '../records/keys.ts';

/**
 * To the journey, coming in is an event of its own type, not somebody's request.
 *
 * A journey that does not take the customer, because of its state or because the customer is in it, is passed over in silence
 * (semantics 3.8).
 *
 * @throws KalciferError `table.unavailable`, `executions.unavailable`: the sweeper goes on
 */
export async function admit(ctx: EngineContext, admission: Admission): Promise<void> {
  const { tenant, id, customer, arrival, entries, at } = admission;
  const event = { id, type: 'segment_entered', data: {} };
  for (const { journey, node } of entries) {
    const instance = derivedId([tenant, journey, node, customer, arrival], at);
    try {
      await enrol(ctx, { tenant, journey, customer, entry: node, event, instance });
    } catch (error) {
      if (!isKalciferError(error) || isUnavailable(error)) throw error;
    }
  }
  await ctx.table.write({
    name: 'admission.finish',
    writes: [{ delete: keys.admission(tenant, id) }],
  });
}
