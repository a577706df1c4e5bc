/** Starts the execution of an instance's current epoch. Names make it safe to repeat: the same epoch is started once. */
import { atNode, atResumedWait, parkedSeconds, payloadSchema } from '../nodes/machine-contract.ts';
import type { EngineContext } from './engine-context.ts';
import { executionName, type Instance } from './records/instance.ts';

export async function startExecution(ctx: EngineContext, instance: Instance): Promise<void> {
  const { tenant, journey, version, id, epoch } = instance;
  await ctx.executions.start({
    machine: { tenant, journey, version },
    name: executionName(instance),
    input: {
      schema: payloadSchema,
      tenant,
      instance: id,
      epoch,
      ...startPlace(instance, ctx.clock.now()),
    },
  });
}

/** Where an instance's next execution begins. */
function startPlace(instance: Instance, now: number): { at: string; step?: { seconds: number } } {
  const [token] = instance.tokens;
  if (token === undefined) return { at: atNode(instance.entry) };
  if (token.wait === undefined) return { at: atNode(token.node) };
  return {
    at: atResumedWait(token.node),
    step: { seconds: parkedSeconds(token.wait.deadline - now) },
  };
}
