/** Task: invokes a function and waits for its result, or for whoever holds its token. */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Recovery } from './attempt.ts';
import { failAttempt } from './attempt.ts';
import { compileCatch } from './catch.ts';
import type { DataFlow } from './data-flow.ts';
import { compileDataFlow, fillParameters, flowOut, selectInput, tooLarge } from './data-flow.ts';
import { exceedsDataLimit } from './data-limit.ts';
import type { Failure } from './failure.ts';
import type { Retries } from './retry.ts';
import { compileRetry } from './retry.ts';
import type { TaskStrand } from './strand.ts';
import type { Limit } from './task-limits.ts';
import { compileLimit, resolveLimit } from './task-limits.ts';
import type { TaskResource } from './task-resource.ts';
import { parseResource } from './task-resource.ts';
import type { Outcome, Turn, Visit } from './turn.ts';
import { evaluationOf, failureOf, runtimeFailure } from './turn.ts';

export interface TaskState extends Recovery {
  readonly type: 'Task';
  readonly flow: DataFlow;
  readonly resource: TaskResource;
  readonly timeout: Limit;
  readonly heartbeat: Limit;
  readonly next: string | undefined;
}

export function compileTask(state: JsonObject): TaskState {
  const arn = state['Resource'] as string;
  return {
    type: 'Task',
    flow: compileDataFlow(state),
    resource: parseResource(arn) ?? { kind: 'function', arn, awaitsToken: false, label: arn },
    timeout: compileLimit(state, 'TimeoutSeconds'),
    heartbeat: compileLimit(state, 'HeartbeatSeconds'),
    retry: compileRetry(state['Retry']),
    catch: compileCatch(state['Catch']),
    next: state['Next'] as string | undefined,
  };
}

/** Schedules an attempt. Each one is a new task with a new token, and its payload is made anew: it may name the retry count. */
export function startTask(state: TaskState, turn: Turn, visit: Visit, retries: Retries): Outcome {
  const task = turn.events + 1;
  const token = state.resource.awaitsToken ? turn.tokenOf(task) : undefined;
  const attempt = { retryCount: retries.count, token };
  const input = selectInput(state.flow, turn, visit, attempt);
  if (input.failure !== undefined) return { kind: 'failed', failure: input.failure };
  const evaluation = evaluationOf(turn, visit, input.value, attempt);
  const timeoutMs = resolveLimit(state.timeout, evaluation);
  const heartbeatMs = resolveLimit(state.heartbeat, evaluation);
  if (evaluation.failure !== undefined) {
    return { kind: 'failed', failure: failureOf(visit, evaluation) };
  }
  const filled = fillParameters(state.flow, turn, visit, input.value, attempt);
  if (filled.failure !== undefined) {
    return failAttempt(state, turn, visit, retries, filled.failure);
  }
  const call = callOf(state.resource, filled.value);
  if (typeof call === 'string') return { kind: 'failed', failure: runtimeFailure(visit, call) };
  turn.events += 2;
  const { functionName, payload } = call;
  turn.calls.push({
    task,
    state: visit.state,
    functionName,
    payload,
    attempt: retries.count + 1,
    token,
  });
  return { kind: 'waits', strand: taskStrand(turn, visit, task, retries, timeoutMs, heartbeatMs) };
}

function taskStrand(
  turn: Turn,
  visit: Visit,
  task: number,
  retries: Retries,
  timeoutMs: number | undefined,
  heartbeatMs: number | undefined,
): TaskStrand {
  const { state, input, enteredAt, entered } = visit;
  return {
    phase: 'task',
    state,
    input,
    enteredAt,
    entered,
    task,
    retries,
    parked: false,
    deadline: timeoutMs === undefined ? undefined : turn.now + timeoutMs,
    heartbeatMs,
    heartbeatBy: heartbeatMs === undefined ? undefined : turn.now + heartbeatMs,
  };
}

/** Answers the call, or the words of what is wrong with the parameters. */
function callOf(
  resource: TaskResource,
  parameters: Json,
): { readonly functionName: string; readonly payload: Json } | string {
  if (resource.kind === 'function') return { functionName: resource.arn, payload: parameters };
  const { FunctionName, Payload } = isJsonObject(parameters) ? parameters : {};
  if (typeof FunctionName === 'string') {
    // A function that is invoked without a payload sees an empty object.
    return { functionName: FunctionName, payload: Payload ?? {} };
  }
  const fault =
    FunctionName === undefined
      ? `The field 'FunctionName' is required but was missing`
      : `The value of the field 'FunctionName' has an invalid format`;
  return `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task: [${fault}]`;
}

/** The function of the task has returned. That ends the task, unless its token is what ends it. */
export function returnTask(
  state: TaskState,
  turn: Turn,
  strand: TaskStrand,
  { result, deadline }: { readonly result: Json; readonly deadline?: number },
): Outcome {
  if (state.resource.awaitsToken) {
    turn.events += 1;
    return {
      kind: 'waits',
      strand: { ...strand, parked: true, deadline: earlier(strand, deadline) },
    };
  }
  const shaped =
    state.resource.kind === 'invoke' ? invocation(result, turn.facts.name, strand.task) : result;
  return completeTask(state, turn, strand, shaped);
}

/** A task without a timeout gets none. */
function earlier({ deadline }: TaskStrand, wanted: number | undefined): number | undefined {
  return deadline === undefined || wanted === undefined ? deadline : Math.min(deadline, wanted);
}

/** The result of `lambda:invoke` as AWS shapes it, with what is true of an invocation that used no network. */
function invocation(payload: Json, execution: string, task: number): JsonObject {
  return {
    ExecutedVersion: '$LATEST',
    Payload: payload,
    SdkHttpMetadata: { HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: `${execution}:${task}` },
    StatusCode: 200,
  };
}

export function completeTask(
  state: TaskState,
  turn: Turn,
  strand: TaskStrand,
  result: Json,
): Outcome {
  turn.events += 1;
  if (exceedsDataLimit(result)) {
    return failAttempt(state, turn, strand, strand.retries, tooLarge(state.resource.label));
  }
  const attempt = { retryCount: strand.retries.count, token: undefined };
  const output = flowOut(state.flow, turn, strand, result, attempt);
  if (output.failure !== undefined) {
    return failAttempt(state, turn, strand, strand.retries, output.failure);
  }
  turn.events += 1;
  return { kind: 'left', next: state.next, output: output.value };
}

export function failTask(
  state: TaskState,
  turn: Turn,
  strand: TaskStrand,
  failure: Failure,
): Outcome {
  turn.events += 1;
  return failAttempt(state, turn, strand, strand.retries, failure);
}

/** The task's time is up, or its heartbeat failed to come; AWS gives no cause for either. */
export function expireTask(state: TaskState, turn: Turn, strand: TaskStrand): Outcome {
  const isHeartbeat = (strand.heartbeatBy ?? Infinity) < (strand.deadline ?? Infinity);
  return failTask(state, turn, strand, {
    error: 'States.Timeout',
    cause: undefined,
    ...(isHeartbeat && { alias: 'States.HeartbeatTimeout' }),
  });
}

export function beatTask(turn: Turn, strand: TaskStrand): Outcome {
  const { heartbeatMs } = strand;
  if (heartbeatMs === undefined) return { kind: 'waits', strand };
  return { kind: 'waits', strand: { ...strand, heartbeatBy: turn.now + heartbeatMs } };
}
