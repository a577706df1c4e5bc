/** The interpreter without a driver: what a state is, what is told to it, and which calls come of that. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { Advance, Stimulus, World } from '../../../lib/local/asl/advance.ts';
import { advance, callsInFlight, nextDue, startExecution } from '../../../lib/local/asl/advance.ts';
import type { ExecutionState } from '../../../lib/local/asl/strand.ts';
import { callbackArn, functionArn } from './run-machine.ts';
import { begun, worldOf } from './world.ts';

const callback = {
  Type: 'Task',
  Resource: callbackArn,
  Parameters: {
    FunctionName: 'ask',
    Payload: { 'token.$': '$$.Task.Token', 'input.$': '$' },
  },
};

/** A task, a wait and a task with a token. Their tasks are the events 3 and 10 of the history that AWS would write. */
const journey: JsonObject = {
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

const twoTasks: JsonObject = {
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

function startIn(world: World): ExecutionState {
  return stateOf(startExecution(world, world.facts.input));
}

function tell(world: World, state: ExecutionState, ...stimuli: readonly Stimulus[]): Advance {
  let told: Advance = { state, calls: [], entered: [] };
  for (const stimulus of stimuli) {
    const next = advance(world, stateOf(told), stimulus);
    if (next === undefined) throw new Error(`Nothing waits for ${JSON.stringify(stimulus)}.`);
    told = next;
  }
  return told;
}

function stateOf({ state }: Advance): ExecutionState {
  if (state === undefined) throw new Error('The execution has ended.');
  return state;
}

/** The journey, up to its Wait state. */
function rested(greeting: Json): Advance {
  const world = worldOf(journey);
  return tell(world, startIn(world), { kind: 'returned', task: 3, result: greeting });
}

/** The journey, up to the task with a token that was asked for 60 seconds after the beginning. */
function askingIn(world: World): ExecutionState {
  return stateOf(tell(world, stateOf(rested('hello')), { kind: 'tick' }));
}

describe('startExecution', () => {
  it('runs up to the first thing to wait for, and tells what to call', () => {
    const world = worldOf(journey, { id: 'ada' });
    expect(startExecution(world, { id: 'ada' })).toEqual({
      state: {
        events: 4,
        strand: {
          phase: 'task',
          state: 'Greet',
          input: { id: 'ada' },
          enteredAt: begun,
          entered: 2,
          task: 3,
          retries: { count: 0, used: [] },
          parked: false,
          deadline: undefined,
          heartbeatMs: undefined,
          heartbeatBy: undefined,
        },
      },
      calls: [
        {
          task: 3,
          state: 'Greet',
          functionName: functionArn,
          payload: { id: 'ada' },
          attempt: 1,
          token: undefined,
        },
      ],
      entered: ['Greet'],
    });
  });

  it('ends at once when nothing needs to be waited for', () => {
    const world = worldOf({ StartAt: 'P', States: { P: { Type: 'Pass', Result: 7, End: true } } });
    expect(startExecution(world, {})).toEqual({
      end: { status: 'SUCCEEDED', output: 7 },
      calls: [],
      entered: ['P'],
    });
  });
});

describe('advance', () => {
  it('leads from a result to the next wait', () => {
    const world = worldOf(journey);
    const { state, calls, entered } = tell(world, startIn(world), {
      kind: 'returned',
      task: 3,
      result: 'hello',
    });
    expect([calls, entered]).toEqual([[], ['Rest']]);
    expect(state?.strand).toMatchObject({ phase: 'wait', input: 'hello', until: begun + 60_000 });
  });

  it('gives a task its token', () => {
    const world = worldOf(journey, {}, 60_000);
    const waiting = rested('hello');
    const { calls } = tell(world, stateOf(waiting), { kind: 'tick' });
    expect(calls).toEqual([
      {
        task: 10,
        state: 'Ask',
        functionName: 'ask',
        payload: { token: 'token-10', input: 'hello' },
        attempt: 1,
        token: 'token-10',
      },
    ]);
  });

  it('ends with the answer of the last task', () => {
    const world = worldOf(journey, {}, 60_000);
    const asked = askingIn(world);
    const parked = tell(world, asked, { kind: 'returned', task: 10, result: 'ignored' });
    expect(stateOf(parked).strand).toMatchObject({ phase: 'task', parked: true });
    expect(tell(world, stateOf(parked), { kind: 'succeeded', task: 10, output: 'fine' })).toEqual({
      end: { status: 'SUCCEEDED', output: 'fine' },
      calls: [],
      entered: [],
    });
  });

  it('begins a retried task as another task with another token', () => {
    const world = worldOf(journey, {}, 60_000);
    const failed = tell(world, askingIn(world), {
      kind: 'failed',
      task: 10,
      failure: { error: 'Busy', cause: '' },
    });
    expect(stateOf(failed).strand).toMatchObject({ phase: 'pause', until: begun + 67_000 });
    const later = worldOf(journey, {}, 67_000);
    const { calls } = tell(later, stateOf(failed), { kind: 'tick' });
    expect(calls).toMatchObject([{ attempt: 2, task: 13, token: 'token-13' }]);
  });

  it('lets everything happen that has become due, in its order', () => {
    const late = worldOf(journey, {}, 500_000);
    const waiting = rested(1);
    const told = tell(late, stateOf(waiting), { kind: 'tick' });
    // The wait ends late, but the time of the task that follows begins only then.
    expect(stateOf(told).strand).toMatchObject({ state: 'Ask', deadline: begun + 800_000 });
  });
});

describe('a stimulus that comes too late', () => {
  const world = worldOf(journey, {}, 60_000);
  const asked = askingIn(world);
  const parked = stateOf(tell(world, asked, { kind: 'returned', task: 10, result: null }));
  const failure = { error: 'E', cause: '' };
  const cases: readonly [string, ExecutionState, Stimulus][] = [
    ['a result of a task before', asked, { kind: 'returned', task: 3, result: 1 }],
    ['a second return', parked, { kind: 'returned', task: 10, result: 1 }],
    ['a throw after the return', parked, { kind: 'threw', task: 10, failure }],
    ['an answer to a task before', parked, { kind: 'succeeded', task: 3, output: 1 }],
    ['a failure of a task before', parked, { kind: 'failed', task: 3, failure }],
    ['a heartbeat of a task before', parked, { kind: 'heartbeat', task: 3 }],
    ['a tick when nothing is due', parked, { kind: 'tick' }],
  ];
  it.each(cases)('changes nothing: %s', (_name, state, stimulus) => {
    expect(advance(world, state, stimulus)).toBeUndefined();
  });

  it('changes nothing while a Wait state waits', () => {
    const waiting = rested(1);
    const again: Stimulus = { kind: 'returned', task: 3, result: 2 };
    expect(advance(worldOf(journey), stateOf(waiting), again)).toBeUndefined();
  });

  it('changes nothing for an answer to a task without a token', () => {
    const plain = startIn(worldOf(journey));
    for (const stimulus of [
      { kind: 'succeeded', task: 3, output: 1 },
      { kind: 'failed', task: 3, failure },
    ] as const) {
      expect(advance(worldOf(journey), plain, stimulus)).toBeUndefined();
    }
  });

  it('changes nothing for a branch that has ended', () => {
    const both = worldOf(twoTasks);
    const right: Stimulus = { kind: 'returned', task: 8, result: 'right' };
    const done = tell(both, startIn(both), right);
    expect(advance(both, stateOf(done), right)).toBeUndefined();
  });
});

describe('nextDue', () => {
  it('is the earliest of timeout and heartbeat, and moves with each heartbeat', () => {
    const world = worldOf(journey, {}, 60_000);
    const asked = askingIn(world);
    expect(nextDue(world.machine, world.facts, asked)).toBe(begun + 160_000);
    const later = worldOf(journey, {}, 150_000);
    const { state } = tell(later, asked, { kind: 'heartbeat', task: 10 });
    expect(nextDue(world.machine, world.facts, state as ExecutionState)).toBe(begun + 250_000);
    const muchLater = worldOf(journey, {}, 290_000);
    const beaten = tell(muchLater, asked, { kind: 'heartbeat', task: 10 });
    expect(nextDue(world.machine, world.facts, stateOf(beaten))).toBe(begun + 360_000);
  });

  it('is never, when only an answer can go on', () => {
    const world = worldOf(twoTasks);
    expect(nextDue(world.machine, world.facts, startIn(world))).toBe(Infinity);
  });

  it('is the end of the machine when nothing else is due before', () => {
    const world = worldOf({ ...journey, TimeoutSeconds: 30 });
    expect(nextDue(world.machine, world.facts, startIn(world))).toBe(begun + 30_000);
  });

  it('is the earliest of all branches', () => {
    const world = worldOf({
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          End: true,
          Branches: [30, 20].map((Seconds) => ({
            StartAt: `W${Seconds}`,
            States: { [`W${Seconds}`]: { Type: 'Wait', Seconds, End: true } },
          })),
        },
      },
    });
    const state = startIn(world);
    expect(nextDue(world.machine, world.facts, state)).toBe(begun + 20_000);
    const after20 = worldOf({}, {}, 20_000).now;
    const first = tell({ ...world, now: after20 }, state, { kind: 'tick' });
    expect(nextDue(world.machine, world.facts, stateOf(first))).toBe(begun + 30_000);
  });
});

describe('callsInFlight', () => {
  it('are the calls that were made, with the same tasks, attempts, tokens and payloads', () => {
    const world = worldOf(journey, {}, 60_000);
    const waiting = rested('hello');
    const { state, calls } = tell(world, stateOf(waiting), { kind: 'tick' });
    expect(callsInFlight(worldOf(journey, {}, 99_000), state as ExecutionState)).toEqual(calls);
    expect(calls).toHaveLength(1);
  });

  it('are those of the second attempt during the second attempt', () => {
    const world = worldOf(journey, {}, 60_000);
    const failure = { error: 'Busy', cause: '' };
    const failed = tell(world, askingIn(world), { kind: 'failed', task: 10, failure });
    const again = tell(worldOf(journey, {}, 67_000), stateOf(failed), { kind: 'tick' });
    expect(callsInFlight(world, stateOf(again))).toEqual(again.calls);
    expect(again.calls).toMatchObject([{ attempt: 2 }]);
  });

  it('are none while the execution is parked, waits or pauses', () => {
    const world = worldOf(journey, {}, 60_000);
    const asked = askingIn(world);
    const parked = tell(world, asked, { kind: 'returned', task: 10, result: null });
    expect(callsInFlight(world, stateOf(parked))).toEqual([]);
    const failure = { error: 'Busy', cause: '' };
    const paused = tell(world, asked, { kind: 'failed', task: 10, failure });
    expect(callsInFlight(world, stateOf(paused))).toEqual([]);
  });

  it('are those of all branches that still run', () => {
    const world = worldOf(twoTasks);
    const started = startExecution(world, {});
    expect(callsInFlight(world, stateOf(started))).toEqual(started.calls);
    expect(started.calls.map(({ state, token }) => [state, token])).toEqual([
      ['Left', 'token-5'],
      ['Right', undefined],
    ]);
    const one = tell(world, stateOf(started), { kind: 'returned', task: 5, result: null });
    expect(callsInFlight(world, stateOf(one))).toMatchObject([{ state: 'Right' }]);
  });

  it('refuse a state of another machine', () => {
    const state = startIn(worldOf(twoTasks));
    expect(() => callsInFlight(worldOf(journey), state)).toThrow('Both');
  });
});
