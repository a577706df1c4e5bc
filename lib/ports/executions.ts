/**
 * Executions: runs of state machines. Step Functions on AWS, the embedded executor on one machine.
 *
 * The table decides, an execution only carries the outcome (design, decision 2). Every call may therefore be repeated, late
 * or lost without harm, and "there is nothing there any more" is an answer, not an error.
 */
import type { Json, JsonObject } from '../json.ts';
import { KalciferError } from '../kalcifer-error.ts';

/** One state machine: one version of one journey of one tenant. */
export interface MachineRef {
  readonly tenant: string;
  readonly journey: string;
  readonly version: number;
}

/**
 * Errors: `executions.unavailable` when the call may be tried again (throttled, no answer); `executions.name` for a name that no
 * execution can have.
 */
export interface Executions {
  /**
   * Starts an execution under a name of 1 to 80 characters of `[A-Za-z0-9_-]`. Once acknowledged, it runs to its end whatever
   * dies in between. Starting a name again changes nothing and answers `exists`; where nobody can tell that it is a repetition,
   * with the same input, `started`.
   */
  start(request: StartRequest): Promise<'started' | 'exists'>;

  /**
   * Answers a parked task. Once acknowledged, the execution goes on whatever dies in between. `gone`: the token is unknown,
   * was answered before, or its task or execution is over.
   */
  succeed(request: { readonly token: string; readonly output: Json }): Promise<'accepted' | 'gone'>;

  fail(request: {
    readonly token: string;
    readonly error: string;
    readonly cause: string;
  }): Promise<'accepted' | 'gone'>;

  /** Ends an execution from outside. It does not interrupt a function that is running; what that returns is ignored. */
  stop(request: {
    readonly machine: MachineRef;
    readonly name: string;
    readonly error: string;
    readonly cause: string;
  }): Promise<'stopped' | 'gone'>;
}

export interface StartRequest {
  readonly machine: MachineRef;
  readonly name: string;
  /** Ids only: never customer data, results or secrets. */
  readonly input: JsonObject;
}

/** What Step Functions takes as a name, without the characters that would need escaping. */
export function isExecutionName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,80}$/.test(name);
}

/** @throws KalciferError `executions.name` */
export function checkExecutionName(name: string): void {
  if (isExecutionName(name)) return;
  throw new KalciferError(
    'executions.name',
    'The name of an execution has 1 to 80 characters of [A-Za-z0-9_-].',
  );
}
