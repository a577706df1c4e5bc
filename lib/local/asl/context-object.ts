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
  /** How often the state was retried so far; absent for states that cannot retry. */
  readonly retryCount?: number;
  readonly token?: string;
}

export function contextObject(execution: ExecutionFacts, state: StateFacts): JsonObject {
  const own: JsonObject = {
    Execution: {
      Id: execution.id,
      Input: execution.input,
      StartTime: toIso(execution.startedAt),
      Name: execution.name,
      RoleArn: execution.roleArn,
      // Whoever describes the execution itself says how often it was redriven; the embedded runtime never redrives.
      ...(execution.context?.['Execution'] === undefined && { RedriveCount: 0 }),
    },
    StateMachine: { Id: execution.machineId, Name: execution.machineName },
    State: {
      Name: state.name,
      EnteredTime: toIso(state.enteredAt),
      ...(state.retryCount !== undefined && { RetryCount: state.retryCount }),
    },
    ...(state.token !== undefined && { Task: { Token: state.token } }),
  };
  return execution.context === undefined ? own : mergeOver(own, execution.context);
}

/** A section that is given replaces field by field: whoever sets `Execution.Id` need not repeat `Execution.Input`. */
function mergeOver(own: JsonObject, given: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...own };
  for (const [section, value] of Object.entries(given)) {
    const before = own[section];
    merged[section] = isJsonObject(before) && isJsonObject(value) ? { ...before, ...value } : value;
  }
  return merged;
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
