/**
 * `kalcifer/asl`: checks a state machine definition and runs it in memory, with the same interpreter that the durable executor
 * uses. Meant for tests of state machines; nothing survives the process.
 */
import type { Json, JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { Chance } from '../../ports/chance.ts';
import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { systemChance } from '../../adapters/system/system-ids.ts';
import type { Advance, ExecutionEnd, Stimulus, World } from './advance.ts';
import { advance, nextDue, startExecution } from './advance.ts';
import { checkStateMachine, readDefinition } from './check/check-state-machine.ts';
import type { ExecutionFacts } from './context-object.ts';
import type { Machine } from './machine.ts';
import { compileMachine } from './machine.ts';
import type { RunningTask, RunOptions, RunResult } from './run-options.ts';
import type { ExecutionState } from './strand.ts';
import { thrownFailure, toJson } from './thrown-failure.ts';
import type { TaskCall } from './turn.ts';

export { checkStateMachine } from './check/check-state-machine.ts';
export type { RunningTask, RunOptions, RunResult } from './run-options.ts';

/**
 * Runs a state machine of the supported subset to its end. Throws `KalciferError('asl.invalid')` with all problems when
 * `checkStateMachine` has any; a failed execution is an answer, not a throw.
 */
export async function runStateMachine(
  definition: unknown,
  input: Json,
  options: RunOptions,
): Promise<RunResult> {
  const problems = checkStateMachine(definition);
  const parsed = readDefinition(definition, []);
  if (problems.length > 0 || parsed === undefined) {
    const [first] = problems;
    throw new KalciferError(
      'asl.invalid',
      `The state machine has ${problems.length} problem(s), first: ${first?.message ?? 'no definition'}`,
      { problems },
    );
  }
  const machine = compileMachine(parsed);
  return new Promise((resolve) => {
    startRun(machine, toJson(input), options, resolve);
  });
}

/** Takes stimuli one after the other; whatever a function does while it is called waits its turn. */
function startRun(
  machine: Machine,
  input: Json,
  options: RunOptions,
  resolve: (result: RunResult) => void,
): void {
  const clock = options.clock ?? systemClock();
  const chance = options.chance ?? systemChance();
  const facts = factsOf(input, clock.now(), chance, options.context);
  const trace: string[] = [];
  const waiting: Stimulus[] = [];
  let state: ExecutionState | undefined;
  let busy = false;
  let ended = false;
  let alarm: Alarm | undefined;

  const world = (): World => {
    return { machine, facts, now: clock.now(), chance, tokenOf: (task) => `${facts.name}:${task}` };
  };
  const deliver = (stimulus: Stimulus): void => {
    waiting.push(stimulus);
    if (!busy) drain();
  };
  const drain = (): void => {
    busy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const advanced = state === undefined ? undefined : advance(world(), state, next);
      if (advanced !== undefined) take(advanced);
    }
    busy = false;
    alarm = rearm(alarm, ended || !state ? Infinity : nextDue(machine, facts, state), clock, () => {
      alarm = undefined;
      deliver({ kind: 'tick' });
    });
  };
  const take = (advanced: Advance): void => {
    trace.push(...advanced.entered);
    state = advanced.state;
    if (advanced.end !== undefined) {
      ended = true;
      resolve(resultOf(advanced.end, trace));
    }
    for (const call of advanced.calls) void runCall(call, options, deliver);
  };

  busy = true;
  take(startExecution(world(), input));
  drain();
}

interface Alarm {
  readonly instant: number;
  readonly cancel: () => void;
}

function rearm(
  alarm: Alarm | undefined,
  instant: number,
  clock: Clock,
  callback: () => void,
): Alarm | undefined {
  if (alarm?.instant === instant) return alarm;
  alarm?.cancel();
  return instant === Infinity ? undefined : { instant, cancel: clock.wakeAt(instant, callback) };
}

async function runCall(
  call: TaskCall,
  options: RunOptions,
  deliver: (stimulus: Stimulus) => void,
): Promise<void> {
  const { task } = call;
  try {
    const handle = runningTask(call, deliver);
    const result: unknown = await options.invoke(call.functionName, toJson(call.payload), handle);
    deliver({ kind: 'returned', task, result: toJson(result) });
  } catch (thrown) {
    deliver({ kind: 'threw', task, failure: thrownFailure(thrown) });
  }
}

function runningTask(call: TaskCall, deliver: (stimulus: Stimulus) => void): RunningTask {
  const { task, state, attempt, token } = call;
  return {
    state,
    attempt,
    ...(token !== undefined && { token }),
    succeed: (output) => {
      deliver({ kind: 'succeeded', task, output: toJson(output) });
    },
    fail: (error, cause) => {
      const failure = { error: error ?? null, cause: cause ?? null };
      deliver({ kind: 'failed', task, failure });
    },
    heartbeat: () => {
      deliver({ kind: 'heartbeat', task });
    },
  };
}

function factsOf(
  input: Json,
  startedAt: number,
  chance: Chance,
  context: JsonObject | undefined,
): ExecutionFacts {
  const name = `run-${Math.floor(chance.next() * 2 ** 32).toString(36)}`;
  const account = 'arn:aws:states:local:000000000000';
  return {
    id: `${account}:execution:local:${name}`,
    name,
    input,
    startedAt,
    machineId: `${account}:stateMachine:local`,
    machineName: 'local',
    roleArn: 'arn:aws:iam::000000000000:role/local',
    ...(context !== undefined && { context }),
  };
}

function resultOf(end: ExecutionEnd, trace: readonly string[]): RunResult {
  if (end.status === 'SUCCEEDED') return { status: end.status, output: end.output, trace };
  if (end.status === 'TIMED_OUT') return { status: end.status, trace };
  const { error, cause } = end.failure;
  return {
    status: end.status,
    ...(typeof error === 'string' && { error }),
    ...(typeof cause === 'string' && { cause }),
    trace,
  };
}
