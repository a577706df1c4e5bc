/** How everything that is refused or broken is told: problems of an input, and errors with stable codes. */
import type { JsonObject } from './json.ts';

/**
 * One thing that is wrong with what somebody gave us: a stable code, what is wrong in plain words, and the place.
 * Bad input is answered with all its problems at once, never only the first.
 */
export interface Problem {
  /** Stable, dotted by area: `graph.cycle`, `node.config`. */
  readonly code: string;
  readonly message: string;
  /** Id of the node that the problem is about. */
  readonly node?: string;
  /** The edge that the problem is about: its `id`, or `source -> target [branch]`. */
  readonly edge?: string;
  /** Where in the input, for problems of form: `nodes[2].config.timeout`. */
  readonly path?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** A refusal or a broken promise, with a stable code that programs can test. */
export class KalciferError extends Error {
  /** Stable, dotted by area: `journey.invalid`, `instance.already_in_journey`. */
  readonly code: string;
  readonly problems?: readonly Problem[];
  /** Facts about the refusal, safe to show to the caller: never secrets or personal data. */
  readonly data?: JsonObject;

  constructor(
    code: string,
    message: string,
    details: { problems?: readonly Problem[]; data?: JsonObject; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'KalciferError';
    this.code = code;
    if (details.problems !== undefined) this.problems = details.problems;
    if (details.data !== undefined) this.data = details.data;
  }
}

/** True for our own errors with this code, or with any code when none is given. */
export function isKalciferError(error: unknown, code?: string): error is KalciferError {
  return error instanceof KalciferError && (code === undefined || error.code === code);
}
