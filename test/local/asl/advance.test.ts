/** The interpreter without a driver: what a state is, what is told to it, and which calls come of that. */
import { describe, expect, it } from 'vitest';
import type { Stimulus } from '../../../lib/local/asl/advance.ts';
import { advance, startExecution } from '../../../lib/local/asl/advance.ts';
import type { ExecutionState } from '../../../lib/local/asl/strand.ts';
import { functionArn } from './run-machine.ts';
import { askingIn, journey, rested, startIn, stateOf, tell, twoTasks } from './journey.ts';
import { begun, worldOf } from './world.ts';

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
