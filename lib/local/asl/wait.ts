/** Wait: stays until an instant, or for a number of seconds, that is fixed or taken from the data. */
import type { Json, JsonObject } from '../../json.ts';
import type { DataFlow } from './data-flow.ts';
import { compileDataFlow, selectInput, selectOutput } from './data-flow.ts';
import type { JsonPath } from './json-path.ts';
import { parseJsonPath } from './json-path.ts';
import { documentOf } from './path-resolver.ts';
import { timestampMs } from './timestamp.ts';
import type { Outcome, Turn, Visit } from './turn.ts';
import { evaluationOf, runtimeFailure } from './turn.ts';

export interface WaitState {
  readonly type: 'Wait';
  readonly flow: DataFlow;
  readonly until: WaitUntil;
  readonly next: string | undefined;
}

type WaitUntil =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'timestamp'; readonly instant: number }
  | { readonly kind: 'secondsPath' | 'timestampPath'; readonly path: JsonPath };

/** AWS counts the delay in a signed 32-bit number of seconds, about 68 years. */
const delaySecondsMax = 2_147_483_647;

export function compileWait(state: JsonObject): WaitState {
  return {
    type: 'Wait',
    flow: compileDataFlow(state),
    until: compileUntil(state),
    next: state['Next'] as string | undefined,
  };
}

function compileUntil(state: JsonObject): WaitUntil {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
  if (typeof Seconds === 'number') return { kind: 'seconds', seconds: Seconds };
  if (typeof Timestamp === 'string') {
    return { kind: 'timestamp', instant: timestampMs(Timestamp) ?? 0 };
  }
  const kind = SecondsPath === undefined ? 'timestampPath' : 'secondsPath';
  const path = parseJsonPath((SecondsPath ?? TimestampPath) as string);
  return path === undefined ? { kind: 'seconds', seconds: 0 } : { kind, path };
}

export function enterWait(state: WaitState, turn: Turn, visit: Visit): Outcome {
  const input = selectInput(state.flow, turn, visit);
  if (input.failure !== undefined) return { kind: 'failed', failure: input.failure };
  const until = instantOf(state.until, turn, visit, input.value);
  if (typeof until === 'string') return { kind: 'failed', failure: runtimeFailure(visit, until) };
  if (until - turn.now > delaySecondsMax * 1_000) {
    const text = 'Wait state delay is too long.';
    return { kind: 'failed', failure: runtimeFailure(visit, text) };
  }
  if (until <= turn.now) return leaveWait(state, turn, visit);
  return { kind: 'waits', strand: { ...visit, phase: 'wait', until } };
}

/** Leaves the state when its time has come. */
export function leaveWait(state: WaitState, turn: Turn, visit: Visit): Outcome {
  const input = selectInput(state.flow, turn, visit);
  if (input.failure !== undefined) return { kind: 'failed', failure: input.failure };
  const output = selectOutput(state.flow, turn, visit, input.value);
  if (output.failure !== undefined) return { kind: 'failed', failure: output.failure };
  turn.events += 1;
  return { kind: 'left', next: state.next, output: output.value };
}

/** Answers epoch milliseconds, or the words of what is wrong with the data. */
function instantOf(until: WaitUntil, turn: Turn, visit: Visit, input: Json): number | string {
  if (until.kind === 'seconds') return turn.now + until.seconds * 1_000;
  if (until.kind === 'timestamp') return until.instant;
  const { kind, path } = until;
  const evaluation = evaluationOf(turn, visit, input);
  const value = path.read(documentOf(path, evaluation));
  const parameter = kind === 'secondsPath' ? 'SecondsPath' : 'TimestampPath';
  if (value === undefined) {
    return `The ${parameter} parameter does not reference an input value: ${path.text}`;
  }
  const written = `${path.text} == ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  if (kind === 'timestampPath') {
    const instant = typeof value === 'string' ? timestampMs(value) : undefined;
    return (
      instant ??
      `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${written}`
    );
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return `The SecondsPath parameter cannot be parsed as a long value: ${written}`;
  }
  if (value < 0) return `The SecondsPath parameter references a negative value: ${written}`;
  return turn.now + value * 1_000;
}
