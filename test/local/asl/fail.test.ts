/** Fail states: the error and cause of a failed execution. */
import { describe, expect, it } from 'vitest';
import { runMachine, runState } from './run-machine.ts';

function runFail(fields: object, input = {}): ReturnType<typeof runMachine> {
  return runMachine({ StartAt: 'F', States: { F: { Type: 'Fail', ...fields } } }, input);
}

describe('Fail', () => {
  it('ends with its error and cause', async () => {
    expect(await runFail({ Error: 'Broken', Cause: 'It broke.' })).toEqual({
      status: 'FAILED',
      error: 'Broken',
      cause: 'It broke.',
      trace: ['F'],
      tookMs: 0,
    });
  });

  it('may have neither', async () => {
    expect(await runFail({})).toEqual({ status: 'FAILED', trace: ['F'], tookMs: 0 });
  });

  it('takes them from the data or from a function', async () => {
    const fields = { ErrorPath: '$.e', CausePath: "States.Format('Because of {}', $.c)" };
    expect(await runFail(fields, { e: 'Broken', c: 'rain' })).toMatchObject({
      error: 'Broken',
      cause: 'Because of rain',
    });
  });

  it('fails with States.Runtime when they are not there, or no text', async () => {
    const missing = await runFail({ ErrorPath: '$.e' });
    expect(missing).toMatchObject({
      error: 'States.Runtime',
      cause: `An error occurred while executing the state 'F' (entered at the event id #2). The JSONPath '$.e' specified for the field 'ErrorPath' could not be found in the input '{}'`,
    });
    expect(await runFail({ CausePath: '$.c' }, { c: 1 })).toMatchObject({
      error: 'States.Runtime',
    });
  });
});

describe('Succeed', () => {
  it('ends with its input, as its paths leave it', async () => {
    const machine = {
      StartAt: 'S',
      States: { S: { Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' } },
    };
    expect((await runMachine(machine, { a: { b: 1 } })).output).toBe(1);
    expect((await runMachine(machine, {})).status).toBe('FAILED');
    expect((await runMachine(machine, { a: {} })).status).toBe('FAILED');
  });
});

describe('Pass', () => {
  it('fails when a function of its parameters fails', async () => {
    const state = { Type: 'Pass', Parameters: { 'x.$': "States.StringToJson('no')" } };
    expect(await runState(state)).toMatchObject({
      status: 'FAILED',
      error: 'States.IntrinsicFailure',
      cause:
        "An error occurred while executing the state 'S' (entered at the event id #2). The function 'States.StringToJson('no')' had the following error: Could not parse the string as JSON: no",
    });
  });

  it('fails when an item of a list in its parameters is not there', async () => {
    const state = { Type: 'Pass', Parameters: { list: [1, { 'x.$': '$.none' }] } };
    expect((await runState(state)).error).toBe('States.Runtime');
  });
});
