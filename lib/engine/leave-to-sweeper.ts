/** What is promised in the table may fail to be done now: the sweeper does it later, so the caller need not hear of it. */
import { KalciferError } from '../kalcifer-error.ts';

/** Does what was promised; passes over a store or an executor that is away for the moment. */
export async function orLeaveToSweeper(keep: () => Promise<unknown>): Promise<void> {
  try {
    await keep();
  } catch (error) {
    if (!(error instanceof KalciferError && unavailable.has(error.code))) throw error;
  }
}

const unavailable: ReadonlySet<string> = new Set(['table.unavailable', 'executions.unavailable']);
