/**
 * Pauses an instance: what has begun ends, nothing else begins until it is resumed (semantics 7.8). Its waits stay registered and
 * their deadlines go on; the first event that meets one is held. It still has its place in the journey, and can be taken out.
 */
import { applyCommand } from '../../journey/lifecycle.ts';
import type { EngineContext } from '../engine-context.ts';
import { nextRevision, withIntervention } from '../steps/instance-moves.ts';
import { invalidTransition } from './invalid-transition.ts';
import { lifecycleOf } from './lifecycle-of.ts';
import { lookAgain } from '../look-again.ts';
import { readInstance } from './read-instance.ts';
import type { Instance } from '../records/instance.ts';
import { moveWrites } from '../steps/step-writes.ts';

/**
 * @throws KalciferError `instance.unknown`, or `instance.invalid_transition` when it is paused or has ended; nothing is changed then
 */
export async function pause(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly instance: string },
): Promise<Instance> {
  return lookAgain(async () => {
    const before = await readInstance(ctx, of);
    const answer = applyCommand(lifecycleOf(before), 'pause');
    if (!answer.ok || answer.state.status !== 'paused') throw invalidTransition(before, 'paused');
    const now = ctx.clock.now();
    const paused: Instance = {
      ...nextRevision(before),
      status: 'paused',
      pause: {
        from: before.status === 'pending' ? 'pending' : answer.state.before,
        gates: [],
      },
    };
    const note = 'an operator paused the instance';
    const after = withIntervention(paused, { kind: 'paused', at: now, note });
    const written = await ctx.table.write({
      name: 'instance.pause',
      writes: moveWrites({ before, after, now }),
    });
    return written.done ? after : 'conflict';
  });
}
