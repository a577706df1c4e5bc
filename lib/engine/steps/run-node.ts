/**
 * Runs one node of one instance: the verb behind every node function. The node says what should happen, this verb makes it true
 * behind the step's claim, and answers which branch the machine follows.
 */
import type { Outcome } from '../../nodes/node-type.ts';
import { beginStep, type Begun, type NodeRun } from './begin-step.ts';
import { codeStep } from './code-step.ts';
import type { EngineContext } from '../engine-context.ts';
import { failStep, finishStep } from './finish-step.ts';
import { lookAgain, type Conflict } from '../look-again.ts';
import { parkStep, reattachWait } from './park-step.ts';
import { runContextOf } from './run-context.ts';
import { sendStep } from '../sends/send-step.ts';
import { failed, TryAgain } from './steering.ts';
import { tryLater } from './try-later.ts';

/** What a node function returns: the branch that was taken, for nodes that branch. */
export interface NodeAnswer {
  readonly branch?: string;
}

/**
 * What the function of a parked node returns. Step Functions looks only at the task's timeout, in whole seconds; the embedded
 * executor ends the wait at the deadline itself (epoch milliseconds).
 */
export interface Parked {
  readonly deadline: number;
}

export type Going = Extract<Begun, { kind: 'go' }>;

/**
 * @throws Steering when this execution has nothing to do here any more, or when the instance failed
 * @throws TryAgain when the machine should retry
 */
export async function runNode(ctx: EngineContext, run: NodeRun): Promise<NodeAnswer | Parked> {
  return lookAgain(async () => {
    const begun = await beginStep(ctx, run);
    return begun.kind === 'already' ? repeatAnswer(ctx, run, begun) : perform(ctx, run, begun);
  });
}

async function perform(
  ctx: EngineContext,
  run: NodeRun,
  begun: Going,
): Promise<NodeAnswer | Parked | Conflict> {
  if (begun.step?.status === 'waiting') {
    return answerTask(ctx, run, await reattachWait(ctx, run, begun));
  }
  const context = await runContextOf(ctx, begun.instance, begun.node, begun.step?.startedAt);
  const outcome: Outcome = begun.node.type.run(begun.node.config, context);
  switch (outcome.kind) {
    case 'completed':
    case 'branched':
    case 'ended':
      return answerTask(ctx, run, await finishStep(ctx, begun, outcome));
    case 'waiting':
      return answerTask(ctx, run, await parkStep(ctx, run, begun, outcome.wait, context));
    case 'send':
      return sendStep(ctx, begun, outcome, context);
    case 'later':
      return tryLater(ctx, begun, outcome.detail);
    case 'run_code':
      return answerTask(ctx, run, await codeStep(ctx, begun, outcome, context));
    case 'failed':
      if (outcome.retryable) throw new TryAgain(`${outcome.code}: ${outcome.detail}`);
      return failStep(ctx, begun, outcome);
  }
}

async function repeatAnswer(
  ctx: EngineContext,
  run: NodeRun,
  begun: Extract<Begun, { kind: 'already' }>,
): Promise<NodeAnswer | Parked | Conflict> {
  if (begun.step.status === 'failed') throw failed('The step has failed.');
  const { branch } = begun.step;
  return answerTask(ctx, run, branch === undefined ? {} : { branch });
}

/** A parked task is answered through its token; what its function returns is not looked at. */
async function answerTask(
  ctx: EngineContext,
  run: NodeRun,
  answer: NodeAnswer | Parked | Conflict,
): Promise<NodeAnswer | Parked | Conflict> {
  if (answer === 'conflict' || 'deadline' in answer || run.token === undefined) return answer;
  await ctx.executions.succeed({ token: run.token, output: { ...answer } });
  return answer;
}
