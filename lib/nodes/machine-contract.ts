/**
 * What the compiled machine and the handlers agree on: the names of steering errors, where an execution starts, and how long a
 * task is parked. It stands here because compiler and engine both need it and neither may import the other.
 */

/** Error names that handlers throw to steer the machine; Step Functions sees them as the function's error type. */
export const signal = {
  /** Nothing is left to do for this execution. */
  stopped: 'Kalcifer.Stopped',
  /** The handler has recorded that the instance failed. */
  failed: 'Kalcifer.Failed',
  /** The instance is paused; the error's cause names the node. */
  paused: 'Kalcifer.Paused',
  /** An end was reached in a parallel branch: the others are cut off. No handler throws it, the machine itself does. */
  ended: 'Kalcifer.Ended',
  /** The store or the executor is away: nothing was decided, and it is worth waiting for. */
  unavailable: 'Kalcifer.Unavailable',
} as const;

/**
 * Number of the shape in which machines call functions; handlers understand this one and the one before (semantics 7.12.9).
 * Since 2, payloads name the journey, so that metrics and logs have it without a look at the table.
 */
export const payloadSchema = 2;

/** A retried task runs at most once and eight times more, over four minutes at most and two on average. */
export const retriesMax = 8;

/** Value of `$.at` in an execution's input: begin at this node. */
export function atNode(node: string): string {
  return node;
}

/** Value of `$.at` in an execution's input: take up the wait of this node again; `$.step.seconds` says for how long. */
export function atResumedWait(node: string): string {
  return `${node} (resumed)`;
}

/** The message of the error that says that the instance is paused before this node runs. */
export function pausedBefore(node: string): string {
  return `${pausedWords}${node}`;
}

/**
 * The node in the cause of such an error, or undefined when it is another's. Step Functions shows the error of a Lambda function as
 * JSON text with the message in it, the embedded executor shows the message.
 */
export function nodePausedBefore(cause: string): string | undefined {
  const message = messageIn(cause);
  return message.startsWith(pausedWords) ? message.slice(pausedWords.length) : undefined;
}

const pausedWords = 'paused before ';

function messageIn(cause: string): string {
  try {
    const error: unknown = JSON.parse(cause);
    const message = (error as { readonly errorMessage?: unknown } | null)?.errorMessage;
    return typeof message === 'string' ? message : cause;
  } catch {
    return cause;
  }
}

/**
 * Value of `$.at` when the customer is in parallel branches. `$.fork` then says where: `tokens` the nodes to go on at, `held` the
 * joins that wait for other branches, `seconds` how long to take up which waits, each by `nodeKey`.
 */
export const atSeveral = '(several)';

/** How a join that is a branch of its own is answered: it runs now, or nobody will come to it any more. */
export const joinAnswer = { runs: 'runs', nobody: 'nobody' } as const;

/** A node in paths of the machine, whatever characters its id has: its place in the graph's list of nodes. */
export function nodeKey(place: number): string {
  return `n${place}`;
}

const secondsPerDay = 86_400;

/** An execution lives at most a year; a longer wait is taken up again by the next execution (semantics 7.7). */
const parkedSecondsMax = 300 * secondsPerDay;

/**
 * The task timeout of a wait: whole seconds, rounded up, and one more, so that Step Functions never fires before our own
 * deadline (semantics 7.5).
 */
export function parkedSeconds(remainingMs: number): number {
  return Math.min(Math.ceil(Math.max(0, remainingMs) / 1000) + 1, parkedSecondsMax);
}
