/** Carries decided outcomes to executions. Late, repeated and lost calls are all harmless: the table has decided already. */
import { atNode } from '../../nodes/machine-contract.ts';
import type { EngineContext } from '../engine-context.ts';
import { startExecution } from '../enrolment/start-execution.ts';
import { executionName, type Answer, type Instance } from '../records/instance.ts';
import { keepPromise } from '../records/promise.ts';

/** @returns `gone` when nothing waits for this answer any more */
export async function deliverAnswer(
  ctx: EngineContext,
  instance: Instance,
  answer: Answer,
): Promise<'accepted' | 'gone'> {
  const { node, task, branch, gate } = answer;
  if (task === undefined) {
    await startExecution(ctx, instance);
    return 'gone';
  }
  const outcome = branch === undefined ? {} : { branch };
  return ctx.executions.succeed({ token: task, output: gate ? atNode(node) : outcome });
}

/** What the instance is owed since it was moved. */
export function newAnswers(before: Instance, after: Instance): readonly Answer[] {
  return after.answers.filter(({ task }) => before.answers.every((old) => old.task !== task));
}

/** Ends the execution of an instance that has ended without it, and strikes the promise to do so. */
export async function letGo(ctx: EngineContext, instance: Instance): Promise<void> {
  const { tenant, journey, version } = instance;
  await ctx.executions.stop({
    machine: { tenant, journey, version },
    name: executionName(instance),
    error: 'Kalcifer.InstanceEnded',
    cause: `The instance is ${instance.status}.`,
  });
  await ctx.table.write({ name: 'promise.keep', writes: [keepPromise(instance)] });
}
