/**
 * The groups of writes that end a step. Each is one decision: the step's outcome, the instance's next place, the changes the node
 * asked for, and whatever is no longer owed, all on the condition that the instance is as it was read.
 */
import type { Effect } from '../../nodes/node-type.ts';
import type { Write } from '../../ports/table.ts';
import { unregisterExitWatch } from '../records/exit-watch.ts';
import { isTerminal, instanceItem, type Instance } from '../records/instance.ts';
import { keepPromise, promise } from '../records/promise.ts';
import { releaseMembership } from '../records/membership.ts';
import { stepItem, type Conversion, type Step } from '../records/step.ts';
import { unregisterAllWaits } from '../records/wait-registration.ts';

/** One move of one instance, with the step that made it. */
export interface StepMove {
  /** As it was read. */
  readonly before: Instance;
  readonly after: Instance;
  /** The step as it will be stored; absent when no step changes. */
  readonly step?: Step;
  readonly now: number;
  /** The instance ends while its execution is parked: somebody has to end that too. */
  readonly leavesExecution?: boolean;
  readonly also?: readonly Write[];
}

export function moveWrites(move: StepMove): readonly Write[] {
  const { before, after, step, now } = move;
  return [
    { put: instanceItem(after), if: { revision: before.revision } },
    ...(step === undefined ? [] : [{ put: stepItem(step) }]),
    ...promiseWrites(move),
    ...(isTerminal(after) ? endWrites(before, now) : []),
    ...(move.also ?? []),
  ];
}

/** What an instance leaves when it ends: its place in the journey, and whatever could still find it. */
function endWrites(before: Instance, now: number): readonly Write[] {
  return [
    releaseMembership(before, now),
    ...unregisterAllWaits(before),
    ...unregisterExitWatch(before),
  ];
}

/**
 * An instance is owed something while it has not started, an outcome has not arrived, a wait has nothing to answer, or an event
 * that was held during a pause has not taken effect.
 */
export function isOwed(instance: Instance): boolean {
  const paused = instance.pause !== undefined;
  return (
    instance.status === 'pending' ||
    instance.pause?.from === 'pending' ||
    instance.answers.length > 0 ||
    instance.tokens.some(
      ({ wait }) =>
        wait !== undefined && (wait.task === undefined || (wait.held !== undefined && !paused)),
    )
  );
}

function promiseWrites({
  before,
  after,
  now,
  leavesExecution = false,
}: StepMove): readonly Write[] {
  const owed = isTerminal(after) ? leavesExecution : isOwed(after);
  if (owed === isOwed(before)) return [];
  return [owed ? promise(after, now) : keepPromise(after)];
}

/** The conversion among the effects: a step records at most one. */
export function conversionOf(effects: readonly Effect[]): Conversion | undefined {
  const effect = effects.find((candidate) => candidate.kind === 'convert');
  if (effect === undefined) return undefined;
  const { name, value, metadata } = effect;
  return {
    name,
    ...(value === undefined ? {} : { value }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
