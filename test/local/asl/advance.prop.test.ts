/**
 * Laws of the interpreter over random machines: a state that went through JSON is as good as the one that never left memory, and
 * whatever is told to an execution, it ends.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lib/json.ts';
import type { Stimulus, World } from '../../../lib/local/asl/advance.ts';
import { advance, callsInFlight, nextDue, startExecution } from '../../../lib/local/asl/advance.ts';
import { checkStateMachine } from '../../../lib/local/asl/asl.ts';
import type { ExecutionState, Strand } from '../../../lib/local/asl/strand.ts';
import { randomMachine } from './machine-arbitrary.ts';
import { callbackArn, functionArn } from './run-machine.ts';
import { begun, worldOf } from './world.ts';

const recovery = fc.constantFrom<JsonObject>(
  {},
  { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 3, MaxAttempts: 2 }] },
  {
    Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'End' }],
  },
);

const limits = fc.constantFrom<JsonObject>(
  {},
  { TimeoutSeconds: 20 },
  { TimeoutSeconds: 20, HeartbeatSeconds: 5 },
);

const callback: JsonObject = {
  Resource: callbackArn,
  Parameters: { FunctionName: 'ask', Payload: { 'token.$': '$$.Task.Token' } },
};

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({ Type: 'Pass', Result: { passed: true }, ResultPath: '$.pass' }),
  fc.integer({ min: 0, max: 9 }).map((Seconds) => ({ Type: 'Wait', Seconds })),
  fc
    .tuple(fc.constantFrom<JsonObject>({ Resource: functionArn }, callback), recovery, limits)
    .map(([task, retry, time]) => ({
      Type: 'Task',
      ...task,
      ResultPath: '$.result',
      ...retry,
      ...time,
    })),
);

const machine = randomMachine(leaf, recovery);

/** What the world does next, as numbers: which of the things that can happen now does. */
const script = fc.array(fc.nat(), { minLength: 60, maxLength: 60 });

interface Told {
  readonly turns: number;
  readonly entered: readonly string[];
  readonly calls: readonly unknown[];
  readonly end: unknown;
}

/** Runs to the end; `carry` is what happens to a state between two turns. */
function play(
  definition: JsonObject,
  choices: readonly number[],
  carry: (state: ExecutionState) => ExecutionState,
): Told {
  let after = 0;
  const worldNow = (): World => worldOf(definition, { id: 1 }, after);
  let current = startExecution(worldNow(), { id: 1 });
  const entered = [...current.entered];
  const calls: unknown[] = [...current.calls];
  for (let turns = 0; ; turns++) {
    if (current.state === undefined) return { turns, entered, calls, end: current.end };
    const state = carry(current.state);
    const due = nextDue(worldNow().machine, worldNow().facts, state);
    const possible = possibleStimuli(state.strand);
    // When the script is over, everything returns.
    const pick = (choices[turns] ?? 0) % (possible.length + (due < Infinity ? 1 : 0));
    const stimulus = possible[pick] ?? { kind: 'tick' };
    if (stimulus.kind === 'tick') after = Math.max(after, due - begun);
    const next = advance(worldNow(), state, stimulus);
    if (next === undefined) throw new Error(`Nothing waits for ${JSON.stringify(stimulus)}.`);
    entered.push(...next.entered);
    calls.push(...next.calls);
    current = next;
  }
}

function possibleStimuli(strand: Strand): readonly Stimulus[] {
  if (strand.phase === 'parallel') return strand.branches.flatMap(possibleStimuli);
  if (strand.phase !== 'task') return [];
  const { task, parked } = strand;
  return parked
    ? [
        { kind: 'succeeded', task, output: { answer: task } },
        { kind: 'failed', task, failure: { error: 'Busy', cause: 'later' } },
        { kind: 'heartbeat', task },
      ]
    : [
        { kind: 'returned', task, result: { value: task } },
        { kind: 'threw', task, failure: { error: 'Busy', cause: 'now' } },
        { kind: 'threw', task, failure: { error: 'Broken', cause: 'for good' } },
      ];
}

function throughJson(state: ExecutionState): ExecutionState {
  return JSON.parse(JSON.stringify(state)) as ExecutionState;
}

describe('a random machine', () => {
  it('is one that can be run', () => {
    fc.assert(
      fc.property(machine, (definition) => {
        expect(checkStateMachine(definition)).toEqual([]);
      }),
    );
  });

  it('ends, whatever it is told', () => {
    fc.assert(
      fc.property(machine, script, (definition, choices) => {
        const { end } = play(definition, choices, (state) => state);
        expect(end).toMatchObject({
          status: expect.stringMatching(/^(SUCCEEDED|FAILED)$/) as string,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('goes on in the same way after its state was written down and read back', () => {
    fc.assert(
      fc.property(machine, script, (definition, choices) => {
        const inMemory = play(definition, choices, (state) => state);
        expect(play(definition, choices, throughJson)).toEqual(inMemory);
      }),
      { numRuns: 300 },
    );
  });

  it('never changes a state that it was given', () => {
    fc.assert(
      fc.property(machine, script, (definition, choices) => {
        const seen: (readonly [ExecutionState, string])[] = [];
        play(definition, choices, (state) => {
          seen.push([state, JSON.stringify(state)]);
          return state;
        });
        for (const [state, text] of seen) expect(JSON.stringify(state)).toBe(text);
      }),
    );
  });

  it('repeats exactly the calls whose functions may still run', () => {
    fc.assert(
      fc.property(machine, script, (definition, choices) => {
        const made = new Map<number, unknown>();
        play(definition, choices, (state) => {
          const world = worldOf(definition, { id: 1 });
          for (const call of callsInFlight(world, state)) {
            const before = made.get(call.task);
            if (before !== undefined) expect(call).toEqual(before);
            made.set(call.task, call);
          }
          return state;
        });
        const { calls } = play(definition, choices, (state) => state);
        const byTask = new Map((calls as { task: number }[]).map((call) => [call.task, call]));
        for (const [task, call] of made) expect(call).toEqual(byTask.get(task));
      }),
    );
  });
});
