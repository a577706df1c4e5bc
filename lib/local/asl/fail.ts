/** Fail: ends its strand with an error and a cause, fixed or taken from the data. */
import type { Json, JsonObject } from '../../json.ts';
import type { Resolver } from './evaluation.ts';
import { compileExpression } from './payload-template.ts';
import type { Outcome, Turn, Visit } from './turn.ts';
import { evaluationOf, failureOf, runtimeFailure } from './turn.ts';

export interface FailState {
  readonly type: 'Fail';
  readonly error: Resolver | undefined;
  readonly cause: Resolver | undefined;
}

export function compileFail(state: JsonObject): FailState {
  return {
    type: 'Fail',
    error: compileText(state, 'Error'),
    cause: compileText(state, 'Cause'),
  };
}

function compileText(state: JsonObject, field: 'Error' | 'Cause'): Resolver | undefined {
  const path = state[`${field}Path`];
  if (typeof path === 'string') return compileExpression(path, `${field}Path`);
  const text = state[field];
  return text === undefined ? undefined : () => text;
}

export function enterFail(state: FailState, turn: Turn, visit: Visit): Outcome {
  const evaluation = evaluationOf(turn, visit, visit.input);
  const error = state.error?.(evaluation);
  const cause = state.cause?.(evaluation);
  if (evaluation.failure !== undefined) {
    return { kind: 'failed', failure: failureOf(visit, evaluation) };
  }
  if (!isText(error) || !isText(cause)) {
    const text = `The ErrorPath and CausePath fields must resolve to a string.`;
    return { kind: 'failed', failure: runtimeFailure(visit, text) };
  }
  return { kind: 'failed', failure: { error, cause } };
}

function isText(value: Json | undefined): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
