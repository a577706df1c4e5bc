/**
 * Moves an instance to its next execution: the epoch grows, which supersedes the old execution, and the new one takes every
 * wait up where it was, with the same deadline (design, decision 5; semantics 7.3, 7.7).
 */
import type { EngineContext } from '../engine-context.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import type { Conflict } from '../look-again.ts';
import type { Instance, Token } from '../records/instance.ts';
import { startExecution } from '../enrolment/start-execution.ts';
import { nextRevision } from '../steps/instance-moves.ts';
import { moveWrites } from '../steps/step-writes.ts';

/** @returns `conflict` when somebody else moved the instance meanwhile: nothing was done, and its execution still acts for it */
export async function reseat(ctx: EngineContext, before: Instance): Promise<Instance | Conflict> {
  const after = await beginEpoch(ctx, before);
  if (after !== 'conflict') await orLeaveToSweeper(() => startExecution(ctx, after));
  return after;
}

/** The same, but leaves starting the execution to the caller. */
export async function beginEpoch(
  ctx: EngineContext,
  reseated: Instance,
): Promise<Instance | Conflict> {
  const { joins: _joins, ...before } = reseated;
  const now = ctx.clock.now();
  const after: Instance = {
    ...nextRevision(before),
    epoch: before.epoch + 1,
    // The gates belong to the execution that ends here.
    ...(before.pause === undefined ? {} : { pause: { ...before.pause, gates: [] } }),
    tokens: before.tokens.map(withoutTask),
    // What is owed is owed to tasks of the old execution; the new one finds it in the tokens.
    answers: [],
  };
  const answer = await ctx.table.write({
    name: 'instance.reseat',
    writes: moveWrites({ before, after, now }),
  });
  return answer.done ? after : 'conflict';
}

function withoutTask(token: Token): Token {
  if (token.wait === undefined) return token;
  const { task: _task, ...wait } = token.wait;
  return { node: token.node, wait };
}
