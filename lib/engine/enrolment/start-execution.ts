/** Starts the execution of an instance's current epoch. Names make it safe to repeat: the same epoch is started once. */
import {
  atNode,
  atResumedWait,
  atSeveral,
  parkedSeconds,
  payloadSchema,
} from '../../nodes/machine-contract.ts';
import type { EngineContext } from '../engine-context.ts';
import { forkPlaces } from './fork-places.ts';
import { executionName, type Instance } from '../records/instance.ts';

export async function startExecution(ctx: EngineContext, instance: Instance): Promise<void> {
  const { tenant, journey, version, id, epoch } = instance;
  await ctx.executions.start({
    machine: { tenant, journey, version },
    name: executionName(instance),
    input: {
      schema: payloadSchema,
      tenant,
      journey,
      instance: id,
      epoch,
      ...startPlace(instance, ctx.clock.now()),
      ...(isAtEntry(instance) ? {} : await forkPlaces(ctx, instance)),
    },
  });
}

/** Where an instance's next execution begins. */
function startPlace(instance: Instance, now: number): { at: string; step?: { seconds: number } } {
  const [token, ...others] = instance.tokens;
  if (token === undefined) return { at: atNode(instance.entry) };
  if (others.length > 0) return { at: atSeveral };
  if (token.wait === undefined) return { at: atNode(token.node) };
  return {
    at: atResumedWait(token.node),
    step: { seconds: parkedSeconds(token.wait.deadline - now) },
  };
}

/** As nearly always: entries stand before every fork, and no node has run yet. */
function isAtEntry({ tokens, entry }: Instance): boolean {
  return tokens.length === 1 && tokens[0]?.node === entry;
}
