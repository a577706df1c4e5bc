/** `Retry`: whether a failed attempt is made again, and after how long. */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';
import type { Failure } from './failure.ts';
import { matchesError } from './failure.ts';

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalMs: number;
  readonly backoffRate: number;
  readonly attemptsMax: number;
  readonly delayMaxMs: number;
  readonly jitter: boolean;
}

/** What one visit of a state has used up. */
export interface Retries {
  /** Attempts made again so far: `$$.State.RetryCount`. */
  readonly count: number;
  /** The same, by retrier. */
  readonly used: readonly number[];
}

export const noRetries: Retries = { count: 0, used: [] };

export function compileRetry(retry: Json | undefined): readonly Retrier[] {
  return Array.isArray(retry) ? retry.filter(isJsonObject).map(compileRetrier) : [];
}

function compileRetrier(retrier: JsonObject): Retrier {
  return {
    errorEquals: retrier['ErrorEquals'] as readonly string[],
    intervalMs: numberOr(retrier['IntervalSeconds'], 1) * 1_000,
    backoffRate: numberOr(retrier['BackoffRate'], 2),
    attemptsMax: numberOr(retrier['MaxAttempts'], 3),
    delayMaxMs: numberOr(retrier['MaxDelaySeconds'], Infinity) * 1_000,
    jitter: retrier['JitterStrategy'] === 'FULL',
  };
}

function numberOr(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

/**
 * The first retrier that matches decides; when it has no attempt left the failure goes to `Catch`, not to later retriers.
 * Answers `undefined` when there is no further attempt.
 */
export function nextRetry(
  retriers: readonly Retrier[],
  failure: Failure,
  retries: Retries,
  chance: Chance,
): { readonly retries: Retries; readonly delayMs: number } | undefined {
  const at = retriers.findIndex(({ errorEquals }) => matchesError(errorEquals, failure));
  const retrier = retriers[at];
  if (retrier === undefined) return undefined;
  const usedBefore = retries.used[at] ?? 0;
  if (usedBefore >= retrier.attemptsMax) return undefined;
  const grown = retrier.intervalMs * retrier.backoffRate ** usedBefore;
  const delayMs = Math.min(grown, retrier.delayMaxMs);
  const used = retriers.map((_, index) => (retries.used[index] ?? 0) + (index === at ? 1 : 0));
  return {
    retries: { count: retries.count + 1, used },
    delayMs: Math.round(retrier.jitter ? delayMs * chance.next() : delayMs),
  };
}
