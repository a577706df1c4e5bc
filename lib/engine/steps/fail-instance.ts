/** Fails an instance whose functions gave up: the last resort of the compiled machine, so that nobody is stuck for ever. */
import { cutOff } from './cut-off.ts';
import type { EngineContext } from '../engine-context.ts';
import { endInstance, nextRevision } from './instance-moves.ts';
import { lookAgain } from '../look-again.ts';
import { instanceOf, isTerminal } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { stopped } from './steering.ts';
import { moveWrites } from './step-writes.ts';

export interface FailureReport {
  readonly tenant: string;
  readonly instance: string;
  readonly epoch: number;
  /** Name of the error that was left after all retries; never its text, which may hold personal data. */
  readonly error: string;
}

/**
 * An instance that has failed already stays as it is: this is also where a node's own failure ends.
 *
 * @throws Steering `Kalcifer.Stopped` when the instance has ended otherwise, or moved on without this execution
 */
export async function failInstance(ctx: EngineContext, report: FailureReport): Promise<void> {
  await lookAgain(async () => {
    const item = await ctx.table.get(keys.instance(report.tenant, report.instance));
    if (item === undefined) throw stopped('There is no such instance.');
    const before = instanceOf(item);
    if (before.epoch !== report.epoch) throw stopped('Another execution acts for this instance.');
    if (before.status === 'failed' || before.pause?.ending !== undefined) return 'failed';
    if (isTerminal(before)) throw stopped(`The instance is ${before.status}.`);
    const now = ctx.clock.now();
    const answer = await ctx.table.write({
      name: 'instance.fail',
      writes: moveWrites({
        before,
        after: endInstance(nextRevision(before), 'failed', now, report.error),
        now,
        also: await cutOff(ctx, before, now),
      }),
    });
    return answer.done ? 'failed' : 'conflict';
  });
}
