/** What happens when a state that may retry and catch has failed: another attempt, a catcher, or the end. */
import type { Catcher } from './catch.ts';
import { caughtOutput, findCatcher } from './catch.ts';
import { pathConflict } from './data-flow.ts';
import type { Failure } from './failure.ts';
import type { Retrier, Retries } from './retry.ts';
import { nextRetry } from './retry.ts';
import type { Outcome, Turn, Visit } from './turn.ts';

export interface Recovery {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export function failAttempt(
  recovery: Recovery,
  turn: Turn,
  visit: Visit,
  retries: Retries,
  failure: Failure,
): Outcome {
  const again = nextRetry(recovery.retry, failure, retries, turn.chance);
  if (again !== undefined) {
    const until = turn.now + again.delayMs;
    const strand = { ...visitOf(visit), phase: 'pause', until, retries: again.retries } as const;
    return { kind: 'waits', strand };
  }
  const catcher = findCatcher(recovery.catch, failure);
  if (catcher === undefined) return { kind: 'failed', failure };
  const output = caughtOutput(catcher, failure, visit.input);
  if (output === undefined) {
    const path = catcher.resultPath ?? { text: '$', keys: [] };
    return { kind: 'failed', failure: pathConflict(path, visit.input) };
  }
  turn.events += 1;
  return { kind: 'left', next: catcher.next, output };
}

/** A strand is a visit and more; a new strand takes over the visit alone. */
export function visitOf({ state, input, enteredAt, entered }: Visit): Visit {
  return { state, input, enteredAt, entered };
}
