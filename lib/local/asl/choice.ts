/** Choice: goes where the first matching rule points, or to `Default`. */
import type { JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Predicate } from './choice-rule.ts';
import { compileRule } from './choice-rule.ts';
import type { DataFlow } from './data-flow.ts';
import { compileDataFlow, selectInput, selectOutput } from './data-flow.ts';
import type { Outcome, Turn, Visit } from './turn.ts';
import { evaluationOf, failureOf, runtimeFailure } from './turn.ts';

export interface ChoiceState {
  readonly type: 'Choice';
  readonly flow: DataFlow;
  readonly rules: readonly { readonly matches: Predicate; readonly next: string }[];
  readonly fallback: string | undefined;
}

export function compileChoice(state: JsonObject): ChoiceState {
  const choices = Array.isArray(state['Choices']) ? state['Choices'].filter(isJsonObject) : [];
  return {
    type: 'Choice',
    flow: compileDataFlow(state),
    rules: choices.map((rule) => ({ matches: compileRule(rule), next: rule['Next'] as string })),
    fallback: state['Default'] as string | undefined,
  };
}

/**
 * When nothing matches, AWS fails the execution with `States.Runtime` and these words; the name `States.NoChoiceMatched` of the
 * language's specification never appears.
 */
const noWayOut = 'Failed to transition out of the state. The state does not point to a next state.';

export function enterChoice(state: ChoiceState, turn: Turn, visit: Visit): Outcome {
  const input = selectInput(state.flow, turn, visit);
  if (input.failure !== undefined) return { kind: 'failed', failure: input.failure };
  const evaluation = evaluationOf(turn, visit, input.value);
  let next = state.fallback;
  for (const rule of state.rules) {
    const verdict = rule.matches(evaluation);
    if (verdict === undefined) return { kind: 'failed', failure: failureOf(visit, evaluation) };
    if (verdict) {
      next = rule.next;
      break;
    }
  }
  if (next === undefined) return { kind: 'failed', failure: runtimeFailure(visit, noWayOut) };
  const output = selectOutput(state.flow, turn, visit, input.value);
  if (output.failure !== undefined) return { kind: 'failed', failure: output.failure };
  turn.events += 1;
  return { kind: 'left', next, output: output.value };
}
