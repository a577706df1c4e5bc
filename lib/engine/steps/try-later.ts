/** Lets the machine run a node again after a while: what it needs is away, and it does not want to go on without. */
import type { EngineContext } from '../engine-context.ts';
import { startedStep } from './finish-step.ts';
import type { Conflict } from '../look-again.ts';
import { keys } from '../records/keys.ts';
import { stepItem } from '../records/step.ts';
import type { Going } from './run-node.ts';
import { Unavailable } from './steering.ts';

/**
 * The first time, notes when the step began, so that the node can tell for how long it has been tried.
 *
 * @throws Unavailable always, unless the instance has moved meanwhile
 */
export async function tryLater(
  ctx: EngineContext,
  begun: Going,
  detail: string,
): Promise<Conflict> {
  if (begun.step === undefined) {
    const { tenant, id, revision } = begun.instance;
    const step = { ...startedStep(begun, ctx.clock.now()), status: 'retrying' as const };
    const answer = await ctx.table.write({
      name: 'step.retry',
      writes: [
        { put: stepItem({ ...step, notes: [detail] }), if: 'absent' },
        { check: keys.instance(tenant, id), if: { revision } },
      ],
    });
    if (!answer.done) return 'conflict';
  }
  throw new Unavailable(detail);
}
