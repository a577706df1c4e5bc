/** State machines that the executor tests run, and how they are asked for. */
import type { JsonObject } from '../../../lib/json.ts';
import type { MachineRef, StartRequest } from '../../../lib/ports/executions.ts';

/** A task that a function's return ends. */
export function task(functionName: string, rest: JsonObject): JsonObject {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionName, 'Payload.$': '$' },
    ResultPath: null,
    ...rest,
  };
}

/** A task that an answer to its token ends. */
export function tokenTask(functionName: string, rest: JsonObject): JsonObject {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: {
      FunctionName: functionName,
      Payload: { 'token.$': '$$.Task.Token', 'input.$': '$' },
    },
    ...rest,
  };
}

export function chainOf(states: Readonly<Record<string, JsonObject>>): JsonObject {
  const [first] = Object.keys(states);
  return { StartAt: first ?? '', States: states };
}

export function machineOf(journey: string, tenant = 'acme'): MachineRef {
  return { tenant, journey, version: 1 };
}

export function startOf(journey: string, name = 'e1', input: JsonObject = {}): StartRequest {
  return { machine: machineOf(journey), name, input };
}
