/** The context object, `$$`: what a state machine can know about its own execution, state and task. */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';

/** What does not change while an execution runs. */
export interface ExecutionFacts {
  readonly id: string;
  readonly name: string;
  readonly input: Json;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly machineId: string;
  readonly machineName: string;
  readonly roleArn: string;
  /** Merged over the context object, field by field. */
  readonly context?: JsonObject;
}

export interface StateFacts {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly enteredAt: number;
  /** How often the state was retried so far; undefined for states that cannot retry. */
  readonly retryCount: number | undefined;
  readonly token: string | undefined;
}

/** The whole object, or the object with one section of it. */
export function contextObject(
  execution: ExecutionFacts,
  state: StateFacts,
  section?: string,
): JsonObject {
  const given = execution.context;
  if (section !== undefined) {
    return { [section]: merge(sectionOf(section, execution, state), given?.[section]) };
  }
  const whole: Record<string, Json | undefined> = { ...given };
  for (const name of ['Execution', 'StateMachine', 'State', 'Task']) {
    const merged = merge(sectionOf(name, execution, state), given?.[name]);
    if (merged !== undefined) whole[name] = merged;
  }
  return whole;
}

function sectionOf(
  section: string,
  execution: ExecutionFacts,
  state: StateFacts,
): JsonObject | undefined {
  switch (section) {
    case 'Execution':
      return executionSection(execution);
    case 'StateMachine':
      return { Id: execution.machineId, Name: execution.machineName };
    case 'State':
      return {
        Name: state.name,
        EnteredTime: toIso(state.enteredAt),
        ...(state.retryCount !== undefined && { RetryCount: state.retryCount }),
      };
    case 'Task':
      return state.token === undefined ? undefined : { Token: state.token };
    default:
      return undefined;
  }
}

function executionSection(execution: ExecutionFacts): JsonObject {
  return {
    Id: execution.id,
    Input: execution.input,
    StartTime: toIso(execution.startedAt),
    Name: execution.name,
    RoleArn: execution.roleArn,
    // Whoever describes the execution itself says how often it was redriven; the embedded runtime never redrives.
    ...(execution.context?.['Execution'] === undefined && { RedriveCount: 0 }),
  };
}

/** What is given replaces field by field: whoever sets `Execution.Id` need not repeat `Execution.Input`. */
function merge(own: JsonObject | undefined, given: Json | undefined): Json | undefined {
  if (given === undefined || own === undefined) return given ?? own;
  return isJsonObject(given) ? { ...own, ...given } : given;
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
