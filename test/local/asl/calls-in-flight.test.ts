/** What a driver asks of a state that was read back: when it goes on by itself, and which calls to make again. */
import { describe, expect, it } from 'vitest';
import { callsInFlight, nextDue, startExecution } from '../../../lib/local/asl/advance.ts';
import type { ExecutionState } from '../../../lib/local/asl/strand.ts';
import { askingIn, journey, rested, startIn, stateOf, tell, twoTasks } from './journey.ts';
import { begun, worldOf } from './world.ts';

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
