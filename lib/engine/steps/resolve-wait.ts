/**
 * Ends a wait whose task has timed out: the verb behind the timeout path (semantics 7.5). The instance's row is the judge: an
 * event that claimed the wait first has won, and its outcome is answered.
 */
import { beginStep, type NodeRun } from './begin-step.ts';
import type { EngineContext } from '../engine-context.ts';
import { parkedSeconds } from '../../nodes/machine-contract.ts';
import { lookAgain } from '../look-again.ts';
import { endWait } from './park-step.ts';
import { reseat } from '../instances/reseat.ts';
import { runContextOf } from './run-context.ts';
import type { NodeAnswer } from './run-node.ts';
import { failed, stopped, TryAgain, Unavailable } from './steering.ts';

/**
 * @throws Steering `Kalcifer.Stopped` when the wait is not this execution's any more, or goes on in the next one
 * @throws Unavailable when it will be over soon
 */
export async function resolveWait(ctx: EngineContext, run: NodeRun): Promise<NodeAnswer> {
  return lookAgain(async () => {
    const begun = await beginStep(ctx, run);
    if (begun.kind === 'already') {
      if (begun.step.status === 'failed') throw failed('The step has failed.');
      return begun.step.branch === undefined ? {} : { branch: begun.step.branch };
    }
    const { wait } = begun.token;
    if (wait === undefined) throw new TryAgain('The wait is not registered yet.');
    const remainingMs = wait.deadline - ctx.clock.now();
    if (remainingMs <= 0) return endWait(ctx, begun, wait);
    if (remainingMs <= soonMs) throw new Unavailable('The wait is over soon.');
    if ((await reseat(ctx, begun.instance)) === 'conflict') return 'conflict';
    throw stopped('The wait goes on in the next execution.');
  });
}

/**
 * The time of a task begins before its function does, and clocks differ: a task may time out some seconds before the wait is over. The
 * machine asks again then, which is cheaper than another execution.
 */
const soonMs = 60_000;

/** How many seconds a computed wait will park, so that its task can be given a timeout before it is registered. */
export async function askDeadline(
  ctx: EngineContext,
  run: NodeRun,
): Promise<{ readonly seconds: number }> {
  const begun = await beginStep(ctx, run);
  if (begun.kind === 'already') return { seconds: parkedSeconds(0) };
  if (begun.token.wait !== undefined) {
    return { seconds: parkedSeconds(begun.token.wait.deadline - ctx.clock.now()) };
  }
  const context = await runContextOf(ctx, begun.instance, begun.node);
  const outcome = begun.node.type.run(begun.node.config, context);
  const remaining = outcome.kind === 'waiting' ? outcome.wait.deadline - context.now : 0;
  return { seconds: parkedSeconds(remaining) };
}
