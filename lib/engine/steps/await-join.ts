/**
 * The task before a join that is a branch of its own: its token is kept with the instance, and whoever moves the last customer who
 * could still come there answers it (semantics T5).
 */
import type { NodeRun } from './begin-step.ts';
import type { EngineContext } from '../engine-context.ts';
import { nextRevision } from './instance-moves.ts';
import { answerToJoin } from './joins.ts';
import { preparedVersionOf } from '../journeys/load-version.ts';
import { lookAgain } from '../look-again.ts';
import { instanceOf, isTerminal, type Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { stopped } from './steering.ts';
import { moveWrites } from './step-writes.ts';

/** @throws Steering `Kalcifer.Stopped` when the instance has ended or another execution acts for it */
export async function awaitJoin(
  ctx: EngineContext,
  { tenant, instance: id, epoch, node, token: task }: NodeRun & { readonly token: string },
): Promise<void> {
  const branch = await lookAgain(async () => {
    const item = await ctx.table.get(keys.instance(tenant, id));
    if (item === undefined) throw stopped('There is no such instance.');
    const before = instanceOf(item);
    if (before.epoch !== epoch) throw stopped('Another execution acts for this instance.');
    if (isTerminal(before)) throw stopped(`The instance is ${before.status}.`);
    const answer = answerToJoin(before.tokens, node, await preparedVersionOf(ctx, before));
    if (answer !== undefined) return answer;
    const now = ctx.clock.now();
    const written = await ctx.table.write({
      name: 'join.wait',
      writes: moveWrites({ before, after: withJoin(before, node, task), now }),
    });
    return written.done ? undefined : 'conflict';
  });
  if (branch !== undefined) await ctx.executions.succeed({ token: task, output: { branch } });
}

/** A retried task has a new token, and the last one counts. */
function withJoin(before: Instance, node: string, task: string): Instance {
  const others = (before.joins ?? []).filter((join) => join.node !== node);
  return { ...nextRevision(before), joins: [...others, { node, task }] };
}
