/** A journey told to the interpreter turn by turn, for tests of what happens between two turns. */
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { Advance, Stimulus, World } from '../../../lib/local/asl/advance.ts';
import { advance, startExecution } from '../../../lib/local/asl/advance.ts';
import type { ExecutionState } from '../../../lib/local/asl/strand.ts';
import { callbackArn, functionArn } from './run-machine.ts';
import { worldOf } from './world.ts';

const callback = {
  Type: 'Task',
  Resource: callbackArn,
  Parameters: {
    FunctionName: 'ask',
    Payload: { 'token.$': '$$.Task.Token', 'input.$': '$' },
  },
};

/** A task, a wait and a task with a token. Their tasks are the events 3 and 10 of the history that AWS would write. */
export const journey: JsonObject = {
  StartAt: 'Greet',
  States: {
    Greet: { Type: 'Task', Resource: functionArn, Next: 'Rest' },
    Rest: { Type: 'Wait', Seconds: 60, Next: 'Ask' },
    Ask: {
      ...callback,
      TimeoutSeconds: 300,
      HeartbeatSeconds: 100,
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 7 }],
      End: true,
    },
  },
};

export const twoTasks: JsonObject = {
  StartAt: 'Both',
  States: {
    Both: {
      Type: 'Parallel',
      End: true,
      Branches: [
        { StartAt: 'Left', States: { Left: { ...callback, End: true } } },
        { StartAt: 'Right', States: { Right: { Type: 'Task', Resource: functionArn, End: true } } },
      ],
    },
  },
};

export function startIn(world: World): ExecutionState {
  return stateOf(startExecution(world, world.facts.input));
}

export function tell(
  world: World,
  state: ExecutionState,
  ...stimuli: readonly Stimulus[]
): Advance {
  let told: Advance = { state, calls: [], entered: [] };
  for (const stimulus of stimuli) {
    const next = advance(world, stateOf(told), stimulus);
    if (next === undefined) throw new Error(`Nothing waits for ${JSON.stringify(stimulus)}.`);
    told = next;
  }
  return told;
}

export function stateOf({ state }: Advance): ExecutionState {
  if (state === undefined) throw new Error('The execution has ended.');
  return state;
}

/** The journey, up to its Wait state. */
export function rested(greeting: Json): Advance {
  const world = worldOf(journey);
  return tell(world, startIn(world), { kind: 'returned', task: 3, result: greeting });
}

/** The journey, up to the task with a token that was asked for 60 seconds after the beginning. */
export function askingIn(world: World): ExecutionState {
  return stateOf(tell(world, stateOf(rested('hello')), { kind: 'tick' }));
}
