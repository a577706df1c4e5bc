/**
 * Errors on their way out of a function: Lambda and Step Functions see a name of ours, the log is told what happened. The words of
 * errors that are not ours stay here, because they may repeat what somebody sent: an address, a token, a text.
 */
import { isUnavailable } from '../../lib/engine/leave-to-sweeper.ts';
import { Steering, TryAgain, Unavailable } from '../../lib/engine/steps/steering.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { metric } from '../../lib/metric.ts';
import { signal } from '../../lib/nodes/machine-contract.ts';
import { logger, type Subject } from './logger.ts';
import { count } from './metrics.ts';

/** The name under which an error leaves that nobody thought of. */
export const unexpectedError = 'Kalcifer.Unexpected';

/** Its name is what Lambda calls the error's type: Step Functions retries and catches by it. It carries nothing else. */
export class NamedError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The error as it may leave; what is worth knowing about it is logged here, once. */
export function namedError(error: unknown, subject: Subject = {}): NamedError {
  if (error instanceof NamedError) return error;
  if (isSteering(error)) {
    const isTrouble = error.name === signal.unavailable || error instanceof TryAgain;
    logger[isTrouble ? 'warn' : 'debug'](error.message, { code: error.name, ...subject });
    return new NamedError(error.name, error.message);
  }
  if (error instanceof KalciferError) {
    const { code, message, cause } = error;
    // What is away comes back, and until then says so with every message of a queue.
    logger[isUnavailable(error) ? 'warn' : 'error'](message, {
      code,
      ...subject,
      ...(cause === undefined ? {} : traceOf(cause)),
    });
    return new NamedError(code, message);
  }
  logger.error('An error that nobody thought of.', {
    code: unexpectedError,
    ...subject,
    ...traceOf(error),
  });
  count({ [metric.unexpectedErrors]: 1 });
  return new NamedError(unexpectedError, 'The log tells where it happened.');
}

function isSteering(error: unknown): error is Error {
  return error instanceof Steering || error instanceof TryAgain || error instanceof Unavailable;
}

const framesMax = 8;

/** `at takeCustomer (file:///var/task/index.mjs:7:21)`, `at async node:internal/timers:9:1`, `at JSON.parse (<anonymous>)` */
const frame = /^ +at (async |new )*([^\s()]+( \[as [^\]]+\])? \()?(\S+:\d+:\d+|<anonymous>)\)?$/;

/** What a stranger's error is called and where it was thrown, without its words, of which some lines may look like places. */
function traceOf(error: unknown): { readonly error: string; readonly at?: readonly string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const { stack = '', message } = error;
  const [head = '', ...rest] = message === '' ? [stack] : stack.split(message);
  const places = rest.length === 0 ? head : (rest.at(-1) ?? '');
  const frames = places.split('\n').filter((line) => frame.test(line));
  return {
    error: /^[\w.]{1,64}$/.test(error.name) ? error.name : 'Error',
    at: frames.slice(0, framesMax).map((line) => line.trim()),
  };
}
