/** Why a state failed, in AWS's words, and which names in `ErrorEquals` that answers to. */
export interface Failure {
  /** `undefined`: not known. `null`: whoever answered the task gave none. */
  readonly error: string | null | undefined;
  readonly cause: string | null | undefined;
  /** A narrower name by which retriers and catchers may also ask for it. */
  readonly alias?:
    'States.HeartbeatTimeout' | 'States.BranchFailed' | 'States.ResultPathMatchFailure';
}

/**
 * `States.ALL` takes everything but `States.Runtime`, which ends an execution whatever it catches; `States.TaskFailed` takes
 * everything but timeouts. Neither exception is visible in the name, so this is the one place that knows them.
 */
export function matchesError(errorEquals: readonly string[], failure: Failure): boolean {
  if (failure.error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed') return failure.error !== 'States.Timeout';
    return name === failure.error || name === failure.alias;
  });
}

/** What a catcher hands on. AWS writes an empty text for what it does not know, and null for what was given as nothing. */
export function errorOutput(failure: Failure, errorEquals: readonly string[]): ErrorOutput {
  const { alias } = failure;
  // A heartbeat that fails to come is reported as States.Timeout, except to those who asked for it by its own name.
  const asked = alias === 'States.HeartbeatTimeout' && errorEquals.includes(alias);
  return {
    Error: asked ? alias : failure.error === undefined ? '' : failure.error,
    Cause: failure.cause === undefined ? '' : failure.cause,
  };
}

export interface ErrorOutput {
  readonly Error: string | null;
  readonly Cause: string | null;
  readonly [field: string]: string | null;
}
