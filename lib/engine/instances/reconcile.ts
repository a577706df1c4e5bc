/**
 * Brings an instance and its execution together again after the execution has ended: stopped by somebody in the console, over its
 * limit of a year or of events, or wrong about where the customer is. The instance is the truth (design, decision 2), so a customer
 * who is still on the way is taken up by the next execution (semantics 7.3).
 */
import type { EngineContext } from '../engine-context.ts';
import { startExecution } from '../enrolment/start-execution.ts';
import { lookAgain } from '../look-again.ts';
import { instanceOf, isTerminal, type Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { failInstance } from '../steps/fail-instance.ts';
import { Steering } from '../steps/steering.ts';
import { beginEpoch } from './reseat.ts';

export interface EndedExecution {
  readonly tenant: string;
  readonly instance: string;
  readonly epoch: number;
}

/** `agrees`: nobody was on the way in this execution any more, which is how it should be. */
export type Reconciled = 'agrees' | 'taken_up' | 'failed';

/**
 * May be told of the same end any number of times, and long after it.
 *
 * @throws KalciferError when the store or the executor is away: whoever called has to call again
 */
export async function reconcile(ctx: EngineContext, ended: EndedExecution): Promise<Reconciled> {
  const { tenant, instance: id, epoch } = ended;
  return lookAgain(async () => {
    const item = await ctx.table.get(keys.instance(tenant, id));
    if (item === undefined) return 'agrees';
    const instance = instanceOf(item);
    if (isTerminal(instance)) return 'agrees';
    if (instance.epoch === epoch + 1) {
      // Whoever moved the instance may have died before the next execution was started; names make it safe to repeat.
      await startExecution(ctx, instance);
      return 'agrees';
    }
    if (instance.epoch !== epoch || hasEnded(instance)) return 'agrees';
    const takenUp = (instance.takenUp ?? 0) + 1;
    if (takenUp > takenUpMax) return fail(ctx, ended);
    const after = await beginEpoch(ctx, { ...instance, takenUp });
    if (after === 'conflict') return after;
    await startExecution(ctx, after);
    return 'taken_up';
  });
}

async function fail(ctx: EngineContext, ended: EndedExecution): Promise<'failed' | 'conflict'> {
  try {
    await failInstance(ctx, { ...ended, error: executionLost });
    return 'failed';
  } catch (error) {
    // It has ended otherwise, or moved on.
    if (error instanceof Steering) return 'conflict';
    throw error;
  }
}

/** Why an instance failed of which one execution after the other ended. */
const executionLost = 'execution_lost';

/** More often than people stop executions by hand; a machine that cannot carry a customer would go on for ever. */
const takenUpMax = 10;

/** The end was reached, and takes effect when the instance is resumed. */
function hasEnded({ pause }: Instance): boolean {
  return pause?.ending !== undefined;
}
