/** How a command fails: one clear sentence, and the exit code. Only what nobody foresaw shows where it came from. */
import { isKalciferError } from '../../lib/kalcifer-error.ts';
import { paint } from './paint.ts';

/** @returns the exit code */
export function tellFailure(error: unknown): number {
  if (isKalciferError(error)) {
    process.stderr.write(
      `${paint('red', 'error', process.stderr)} ${error.message} ${paint('dim', `[${error.code}]`, process.stderr)}\n`,
    );
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${paint('red', 'error', process.stderr)} ${text}\n`);
  }
  return 1;
}
