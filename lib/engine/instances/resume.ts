/**
 * Resumes a paused instance: the tasks that stay before a node go on there, and what came during the pause takes effect, an event
 * that was received before a deadline ahead of the deadline (semantics 7.8).
 */
import { applyCommand } from '../../journey/lifecycle.ts';
import { endHeldWaits } from '../events/claim-waits.ts';
import { cutOff } from '../steps/cut-off.ts';
import { deliverAnswer, letGo } from '../steps/deliver-answer.ts';
import type { EngineContext } from '../engine-context.ts';
import { endInstance, nextRevision, withIntervention } from '../steps/instance-moves.ts';
import { invalidTransition } from './invalid-transition.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { lifecycleOf } from './lifecycle-of.ts';
import { lookAgain } from '../look-again.ts';
import { readInstance } from './read-instance.ts';
import { isTerminal, type Answer, type Instance } from '../records/instance.ts';
import { moveWrites } from '../steps/step-writes.ts';

/**
 * @returns the instance as it goes on, which may be its end
 * @throws KalciferError `instance.unknown`, or `instance.invalid_transition` when it is not paused; nothing is changed then
 */
export async function resume(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly instance: string },
): Promise<Instance> {
  const resumed = await lookAgain(async () => {
    const before = await readInstance(ctx, of);
    const answer = applyCommand(lifecycleOf(before), 'resume');
    if (!answer.ok) throw invalidTransition(before, 'resumed');
    const now = ctx.clock.now();
    const after = goingOn(before, now);
    const written = await ctx.table.write({
      name: 'instance.resume',
      writes: moveWrites({
        before,
        after,
        now,
        leavesExecution: true,
        also: isTerminal(after) ? await cutOff(ctx, before, now) : [],
      }),
    });
    return written.done ? after : 'conflict';
  });
  await orLeaveToSweeper(() => deliver(ctx, resumed));
  return readInstance(ctx, of);
}

/** The gates open; a step that ended the instance during the pause ends it now. */
function goingOn(paused: Instance, now: number): Instance {
  const { pause, ...before } = paused;
  const status = pause?.from ?? 'running';
  const opened = (pause?.gates ?? []).map((gate): Answer => ({ ...gate, gate: true }));
  const live = withIntervention(
    { ...nextRevision(before), status, answers: [...before.answers, ...opened] },
    { kind: 'resumed', at: now, note: 'an operator resumed the instance' },
  );
  const ending = pause?.ending;
  return ending === undefined ? live : endInstance(live, ending.status, now, ending.reason);
}

async function deliver(ctx: EngineContext, instance: Instance): Promise<void> {
  if (isTerminal(instance)) {
    await letGo(ctx, instance);
    return;
  }
  await endHeldWaits(ctx, instance);
  for (const answer of instance.answers) await deliverAnswer(ctx, instance, answer);
}
