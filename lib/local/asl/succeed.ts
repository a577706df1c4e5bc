/** Succeed: ends its strand with its input, as `InputPath` and `OutputPath` leave it. */
import type { JsonObject } from '../../json.ts';
import type { DataFlow } from './data-flow.ts';
import { compileDataFlow, selectInput, selectOutput } from './data-flow.ts';
import type { Outcome, Turn, Visit } from './turn.ts';

export interface SucceedState {
  readonly type: 'Succeed';
  readonly flow: DataFlow;
}

export function compileSucceed(state: JsonObject): SucceedState {
  return { type: 'Succeed', flow: compileDataFlow(state) };
}

export function enterSucceed(state: SucceedState, turn: Turn, visit: Visit): Outcome {
  const input = selectInput(state.flow, turn, visit);
  if (input.failure !== undefined) return { kind: 'failed', failure: input.failure };
  const output = selectOutput(state.flow, turn, visit, input.value);
  if (output.failure !== undefined) return { kind: 'failed', failure: output.failure };
  turn.events += 1;
  return { kind: 'left', next: undefined, output: output.value };
}
