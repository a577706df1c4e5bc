/**
 * Takes one instance out from outside, whatever it is doing (semantics 3.1): its waits are over, messages that have not left are
 * called off, and its execution ends. One group of writes decides; from then on no effect of the instance commits.
 */
import type { Write } from '../../ports/table.ts';
import { cutOff } from '../steps/cut-off.ts';
import { letGo } from '../steps/deliver-answer.ts';
import type { EngineContext } from '../engine-context.ts';
import { endInstance, nextRevision, withIntervention } from '../steps/instance-moves.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { lookAgain } from '../look-again.ts';
import { instanceOf, isTerminal, type Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { moveWrites } from '../steps/step-writes.ts';

export interface Exit {
  /** Stable: `exit_criteria`. */
  readonly reason: string;
  /** For people: `the event purchased came`. */
  readonly note: string;
}

/**
 * @param decide looks at the live instance as it is now and says why it has to go; undefined when it may stay
 * @param record a write that belongs to the same decision, on a condition of its own
 * @returns the ended instance; `stays` when it may stay, has ended before, or `record` was refused
 */
export async function exitInstance(
  ctx: EngineContext,
  of: Pick<Instance, 'tenant' | 'id'>,
  decide: (instance: Instance) => Exit | undefined | Promise<Exit | undefined>,
  record?: Write,
): Promise<Instance | 'stays'> {
  const after = await lookAgain(async () => {
    const item = await ctx.table.get(keys.instance(of.tenant, of.id));
    const before = item === undefined ? undefined : instanceOf(item);
    if (before === undefined || isTerminal(before)) return 'stays';
    const exit = await decide(before);
    return exit === undefined ? 'stays' : exitOnce(ctx, before, exit, record);
  });
  if (after !== 'stays') await orLeaveToSweeper(() => letGo(ctx, after));
  return after;
}

async function exitOnce(
  ctx: EngineContext,
  before: Instance,
  { reason, note }: Exit,
  record: Write | undefined,
): Promise<Instance | 'stays' | 'conflict'> {
  const now = ctx.clock.now();
  const ended = endInstance(nextRevision(before), 'exited', now, reason);
  const after = withIntervention(ended, { kind: 'exited', at: now, note });
  const answer = await ctx.table.write({
    name: 'instance.exit',
    writes: [
      ...(record === undefined ? [] : [record]),
      ...moveWrites({
        before,
        after,
        now,
        leavesExecution: true,
        also: await cutOff(ctx, before, now),
      }),
    ],
  });
  if (answer.done) return after;
  const refused = record !== undefined && answer.refused.some(({ at }) => at === 0);
  return refused ? 'stays' : 'conflict';
}
