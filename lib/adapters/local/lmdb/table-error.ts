/** Says in the port's words what went wrong below it. */
import { isKalciferError, KalciferError } from '../../../kalcifer-error.ts';

/** Misuse stays misuse; whatever else went wrong, nothing is known to be written, and trying again is right. */
export function tableError(call: string, error: unknown): KalciferError {
  if (isKalciferError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new KalciferError('table.unavailable', `The table failed at ${call}: ${reason}.`, {
    cause: error,
  });
}
