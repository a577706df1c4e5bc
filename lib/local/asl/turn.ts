/**
 * One turn of an execution: from a stimulus to the next moment at which everything waits. The state functions read the turn's
 * facts and leave in it what the turn did; nothing outlives it but the strands and the calls it ends with.
 */
import type { Json } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';
import type { ExecutionFacts } from './context-object.ts';
import { contextObject } from './context-object.ts';
import type { Evaluation, EvaluationFailure } from './evaluation.ts';
import type { Failure } from './failure.ts';
import type { Strand } from './strand.ts';

export interface Turn {
  readonly facts: ExecutionFacts;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly chance: Chance;
  /** Makes the token of the task that was scheduled as this event. */
  readonly tokenOf: (task: number) => string;
  /** Id of the last history event that AWS would have recorded; causes quote these ids, and 25,000 of them are the limit. */
  events: number;
  readonly entered: string[];
  readonly calls: TaskCall[];
}

/** A function to invoke. */
export interface TaskCall {
  /** Names this attempt within the execution, and no other. */
  readonly task: number;
  readonly state: string;
  readonly functionName: string;
  readonly payload: Json;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Undefined for a task that its function's return ends. */
  readonly token: string | undefined;
}

/** One stay in one state. */
export interface Visit {
  readonly state: string;
  /** The state's raw input. */
  readonly input: Json;
  /** Epoch milliseconds. */
  readonly enteredAt: number;
  /** Id of the history event that entered it. */
  readonly entered: number;
}

/** What comes of entering a state or of telling it something. */
export type Outcome =
  | { readonly kind: 'left'; readonly next: string | undefined; readonly output: Json }
  | { readonly kind: 'waits'; readonly strand: Strand }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What only states that run tasks or branches have to say about themselves in the context object. */
export interface AttemptFacts {
  readonly retryCount: number;
  readonly token: string | undefined;
}

export function evaluationOf(
  turn: Turn,
  visit: Visit,
  input: Json,
  attempt?: AttemptFacts,
): Evaluation {
  const { state: name, enteredAt } = visit;
  return {
    input,
    chance: turn.chance,
    failure: undefined,
    context: (section) => {
      const state = { name, enteredAt, retryCount: attempt?.retryCount, token: attempt?.token };
      return contextObject(turn.facts, state, section);
    },
  };
}

/** A failure of the state machine itself, which no retrier or catcher takes. */
export function runtimeFailure(visit: Visit, text: string): Failure {
  return { error: 'States.Runtime', cause: inState(visit, text) };
}

export function failureOf(visit: Visit, evaluation: Evaluation): Failure {
  const { error, text } = evaluation.failure ?? unknownFailure;
  return { error, cause: inState(visit, text) };
}

const unknownFailure: EvaluationFailure = { error: 'States.Runtime', text: 'Internal error.' };

function inState(visit: Visit, text: string): string {
  return `An error occurred while executing the state '${visit.state}' (entered at the event id #${visit.entered}). ${text}`;
}
