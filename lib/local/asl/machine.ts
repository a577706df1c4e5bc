/**
 * A state machine prepared to run: paths parsed, templates and rules compiled, so that a transition costs microseconds.
 * Only definitions that passed `checkStateMachine` are compiled.
 */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { ChoiceState } from './choice.ts';
import { compileChoice } from './choice.ts';
import type { FailState } from './fail.ts';
import { compileFail } from './fail.ts';
import type { ParallelState } from './parallel.ts';
import { compileParallel } from './parallel.ts';
import type { PassState } from './pass.ts';
import { compilePass } from './pass.ts';
import type { SucceedState } from './succeed.ts';
import { compileSucceed } from './succeed.ts';
import type { TaskState } from './task.ts';
import { compileTask } from './task.ts';
import type { WaitState } from './wait.ts';
import { compileWait } from './wait.ts';

export type State =
  PassState | TaskState | ChoiceState | WaitState | ParallelState | SucceedState | FailState;

/** The states among which `Next` can point: a machine's own, or one branch's. */
export interface Scope {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Machine extends Scope {
  /** For the whole execution; absent without a limit. */
  readonly timeoutMs: number | undefined;
}

export function compileMachine(definition: JsonObject): Machine {
  const seconds = definition['TimeoutSeconds'];
  return {
    ...compileScope(definition),
    timeoutMs: typeof seconds === 'number' ? seconds * 1_000 : undefined,
  };
}

function compileScope(definition: JsonObject): Scope {
  const states = isJsonObject(definition['States']) ? Object.entries(definition['States']) : [];
  return {
    startAt: definition['StartAt'] as string,
    states: new Map(states.map(([name, state]) => [name, compileState(asObject(state))])),
  };
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function compileState(state: JsonObject): State {
  switch (state['Type']) {
    case 'Task':
      return compileTask(state);
    case 'Choice':
      return compileChoice(state);
    case 'Wait':
      return compileWait(state);
    case 'Parallel':
      return compileParallel(state, compileScope);
    case 'Succeed':
      return compileSucceed(state);
    case 'Fail':
      return compileFail(state);
    default:
      return compilePass(state);
  }
}
