/** What is promised in the table may fail to be done now: the sweeper does it later, so the caller need not hear of it. */
import { KalciferError } from '../kalcifer-error.ts';

/** Does what was promised; passes over a store or an executor that is away for the moment. */
export async function orLeaveToSweeper(keep: () => Promise<unknown>): Promise<void> {
  try {
    await keep();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
  }
}

/** True when the store or the executor did not answer: nothing was decided, and trying again is right. */
export function isUnavailable(error: unknown): error is KalciferError {
  return error instanceof KalciferError && unavailable.has(error.code);
}

const unavailable: ReadonlySet<string> = new Set([
  'table.unavailable',
  'executions.unavailable',
  'segment_store.unavailable',
]);
