/** Wait states: the four ways to say until when, and the values that are refused. */
import { describe, expect, it } from 'vitest';
import { runMachine, runState } from './run-machine.ts';

describe('Wait', () => {
  it.each([
    [{ Seconds: 90 }, {}, 90_000],
    [{ Seconds: 0 }, {}, 0],
    [{ SecondsPath: '$.wait' }, { wait: 5 }, 5_000],
    [{ Timestamp: '2026-01-01T00:01:00Z' }, {}, 60_000],
    [{ Timestamp: '2020-01-01T00:00:00Z' }, {}, 0],
    [{ TimestampPath: '$.at' }, { at: '2026-01-01T00:00:00.0001Z' }, 1],
    [{ TimestampPath: '$$.Execution.Input.at' }, { at: '2026-01-02T00:00:00Z' }, 86_400_000],
  ])('waits for %j with %j as long as it says', async (fields, input, tookMs) => {
    expect(await runState({ Type: 'Wait', ...fields }, input)).toMatchObject({
      status: 'SUCCEEDED',
      output: input,
      tookMs,
    });
  });

  it.each([
    [
      { SecondsPath: '$.x' },
      {},
      'The SecondsPath parameter does not reference an input value: $.x',
    ],
    [
      { SecondsPath: '$.x' },
      { x: 1.5 },
      'The SecondsPath parameter cannot be parsed as a long value: $.x == 1.5',
    ],
    [
      { SecondsPath: '$.x' },
      { x: '5' },
      'The SecondsPath parameter cannot be parsed as a long value: $.x == 5',
    ],
    [
      { SecondsPath: '$.x' },
      { x: -1 },
      'The SecondsPath parameter references a negative value: $.x == -1',
    ],
    [
      { TimestampPath: '$.x' },
      {},
      'The TimestampPath parameter does not reference an input value: $.x',
    ],
    [
      { TimestampPath: '$.x' },
      { x: 'soon' },
      'The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.x == soon',
    ],
    [
      { TimestampPath: '$.x' },
      { x: 5 },
      'The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.x == 5',
    ],
    [{ Timestamp: '2100-01-01T00:00:00Z' }, {}, 'Wait state delay is too long.'],
  ])('fails for %j with %j', async (fields, input, cause) => {
    expect(await runState({ Type: 'Wait', ...fields }, input)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: `An error occurred while executing the state 'S' (entered at the event id #2). ${cause}`,
    });
  });

  it('selects input and output around the wait', async () => {
    const state = { Type: 'Wait', InputPath: '$.a', SecondsPath: '$.s', OutputPath: '$.b' };
    expect((await runState(state, { a: { s: 1, b: 2 } })).output).toBe(2);
    expect((await runState(state, {})).status).toBe('FAILED');
    expect((await runState(state, { a: { s: 1 } })).status).toBe('FAILED');
  });
});

describe('TimeoutSeconds of the machine', () => {
  it('ends the execution as TIMED_OUT, without error and cause', async () => {
    const machine = {
      StartAt: 'S',
      TimeoutSeconds: 3,
      States: { S: { Type: 'Wait', Seconds: 25, End: true } },
    };
    const result = await runMachine(machine);
    expect(result).toEqual({ status: 'TIMED_OUT', trace: ['S'], tookMs: 3_000 });
  });

  it('changes nothing for an execution that ends before', async () => {
    const machine = {
      StartAt: 'S',
      TimeoutSeconds: 26,
      States: { S: { Type: 'Wait', Seconds: 25, End: true } },
    };
    expect(await runMachine(machine)).toMatchObject({ status: 'SUCCEEDED', tookMs: 25_000 });
  });
});
