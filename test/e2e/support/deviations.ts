/**
 * Where MiniStack 1.5.33 does otherwise than Step Functions. What depends on one of these is skipped there for that reason only; each has
 * a probe in `ministack-deviations.e2e.ts` that fails as soon as the deviation is gone. One more has none, because it is a race that seldom
 * shows: `step-functions-executions.e2e.ts` names it.
 */
import type { Place } from './place.ts';

export const deviations = {
  timeoutSecondsPath:
    'MiniStack ignores TimeoutSecondsPath: a wait of computed length never ends by itself',
  failingFunction:
    'MiniStack takes a function that fails in a token task for one that will answer later',
  stoppedTask: 'MiniStack takes answers to tasks of executions that were stopped',
} as const;

/** For `it.skipIf`. */
export function deviates({ emulator }: Place): boolean {
  return emulator === 'ministack';
}
