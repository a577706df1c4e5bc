/** Takes an instance out by hand: whatever it waits for is over, and no effect of it commits any more (semantics 3.1). */
import { KalciferError } from '../kalcifer-error.ts';
import type { EngineContext } from './engine-context.ts';
import { letGo } from './deliver-answer.ts';
import { endInstance } from './instance-moves.ts';
import { lookAgain } from './look-again.ts';
import { orLeaveToSweeper } from './leave-to-sweeper.ts';
import { readInstance } from './read-instance.ts';
import type { Instance } from './records/instance.ts';
import { isTerminal } from './records/instance.ts';
import { stepItem, type Step } from './records/step.ts';
import { moveWrites } from './step-writes.ts';

/** @throws KalciferError `instance.unknown`, or `instance.invalid_transition` when it has ended already */
export async function cancel(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly instance: string },
): Promise<Instance> {
  const after = await lookAgain(async () => {
    const before = await readInstance(ctx, of);
    if (isTerminal(before)) {
      throw new KalciferError(
        'instance.invalid_transition',
        `The instance is ${before.status}: it cannot be cancelled.`,
        { data: { status: before.status } },
      );
    }
    const now = ctx.clock.now();
    const next = { ...before, revision: before.revision + 1 };
    const ended = endInstance(next, 'exited', now, 'cancelled_by_operator');
    const answer = await ctx.table.write({
      name: 'instance.cancel',
      writes: moveWrites({
        before,
        after: ended,
        now,
        leavesExecution: true,
        also: cancelledSteps(before, now).map((step) => ({ put: stepItem(step) })),
      }),
    });
    return answer.done ? ended : 'conflict';
  });
  await orLeaveToSweeper(() => letGo(ctx, after));
  return after;
}

/** Parked steps end with the instance; one that is sending is recorded when its provider answers. */
function cancelledSteps(instance: Instance, now: number): readonly Step[] {
  return instance.tokens.flatMap((token) =>
    token.wait === undefined
      ? []
      : [
          {
            tenant: instance.tenant,
            instance: instance.id,
            node: token.node,
            version: instance.version,
            status: 'cancelled' as const,
            startedAt: token.wait.since,
            endedAt: now,
          },
        ],
  );
}
