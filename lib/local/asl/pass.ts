/** Pass: hands on its input, its `Parameters`, or a fixed `Result`. */
import type { Json, JsonObject } from '../../json.ts';
import type { DataFlow } from './data-flow.ts';
import { compileDataFlow, fillParameters, flowOut, selectInput } from './data-flow.ts';
import type { Outcome, Turn, Visit } from './turn.ts';

export interface PassState {
  readonly type: 'Pass';
  readonly flow: DataFlow;
  readonly result: Json | undefined;
  readonly next: string | undefined;
}

export function compilePass(state: JsonObject): PassState {
  return {
    type: 'Pass',
    flow: compileDataFlow(state),
    result: state['Result'],
    next: state['Next'] as string | undefined,
  };
}

export function enterPass(state: PassState, turn: Turn, visit: Visit): Outcome {
  const input = selectInput(state.flow, turn, visit);
  if (input.failure !== undefined) return { kind: 'failed', failure: input.failure };
  const filled = fillParameters(state.flow, turn, visit, input.value);
  if (filled.failure !== undefined) return { kind: 'failed', failure: filled.failure };
  const result = state.result === undefined ? filled.value : state.result;
  const output = flowOut(state.flow, turn, visit, result);
  if (output.failure !== undefined) return { kind: 'failed', failure: output.failure };
  turn.events += 1;
  return { kind: 'left', next: state.next, output: output.value };
}
