/**
 * Runs the code of one step and ends the step with what came out. Code has no effects and depends on its facts alone, so it needs
 * no claim: a run that was interrupted is simply run again.
 */
import type { Outcome, RunContext } from '../../nodes/node-type.ts';
import type { EngineContext } from '../engine-context.ts';
import { failStep, finishStep } from './finish-step.ts';
import type { Conflict } from '../look-again.ts';
import type { Going, NodeAnswer } from './run-node.ts';

export async function codeStep(
  ctx: EngineContext,
  begun: Going,
  { source, timeoutMs }: Extract<Outcome, { kind: 'run_code' }>,
  context: RunContext,
): Promise<NodeAnswer | Conflict> {
  if (ctx.code === undefined) {
    return failStep(ctx, begun, {
      code: 'code.disabled',
      detail: 'Custom code is switched off here.',
    });
  }
  const facts = { ...context.facts };
  const answer = await ctx.code.run({ source, facts, now: context.now, timeoutMs });
  const { type, config } = begun.node;
  const next = type.resume?.(config, context, { kind: 'code', answer });
  switch (next?.kind) {
    case 'completed':
    case 'branched':
      return finishStep(ctx, begun, next);
    case 'failed':
      return failStep(ctx, begun, next);
    default:
      throw new Error(`Node type ${type.type} did not end after its code.`);
  }
}
