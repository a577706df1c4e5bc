/** How InputPath, Parameters, ResultSelector, ResultPath and OutputPath lead data through a state. */
import { describe, expect, it } from 'vitest';
import { functionArn, runMachine, runState } from './run-machine.ts';

describe('the flow of data through a state', () => {
  it('selects input, fills parameters, merges the result into the raw input, and selects output', async () => {
    const result = await runState(
      {
        Type: 'Task',
        Resource: functionArn,
        InputPath: '$.order',
        Parameters: { 'id.$': '$.id', fixed: [1, { 'again.$': '$.id' }] },
        ResultSelector: { 'status.$': '$.state' },
        ResultPath: '$.done',
        OutputPath: '$.done',
      },
      { order: { id: 7 }, other: 1 },
      (_name, payload) => {
        expect(payload).toEqual({ id: 7, fixed: [1, { again: 7 }] });
        return { state: 'sent', noise: true };
      },
    );
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'sent' }, trace: ['S'] });
  });

  it('hands on the raw input beside the result', async () => {
    const result = await runState(
      { Type: 'Pass', InputPath: '$.a', Result: 5, ResultPath: '$.b.c' },
      { a: { x: 1 }, y: 2 },
    );
    expect(result.output).toEqual({ a: { x: 1 }, y: 2, b: { c: 5 } });
  });

  it('takes null paths as "nothing" and "drop the result"', async () => {
    expect((await runState({ Type: 'Pass', InputPath: null }, { a: 1 })).output).toEqual({});
    expect((await runState({ Type: 'Pass', OutputPath: null }, { a: 1 })).output).toEqual({});
    const kept = await runState({ Type: 'Pass', Result: 1, ResultPath: null }, { a: 1 });
    expect(kept.output).toEqual({ a: 1 });
  });

  it('takes a null result as a result', async () => {
    expect((await runState({ Type: 'Pass', Result: null }, { a: 1 })).output).toBeNull();
  });

  it('hands on what looks like a path inside of Result as it is', async () => {
    const result = await runState({ Type: 'Pass', Result: { 'x.$': '$.nowhere' } });
    expect(result.output).toEqual({ 'x.$': '$.nowhere' });
  });

  it.each([
    [{ InputPath: '$.none' }, "Invalid path '$.none' : No results for path: $['none']"],
    [{ OutputPath: '$.none.x' }, "Invalid path '$.none.x' : Missing property in path $['none']"],
    [
      { Parameters: { 'x.$': '$.none' } },
      `The JSONPath '$.none' specified for the field 'x.$' could not be found in the input '{"a":1}'`,
    ],
  ])('fails with %j', async (fields, cause) => {
    expect(await runState({ Type: 'Pass', ...fields }, { a: 1 })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: `An error occurred while executing the state 'S' (entered at the event id #2). ${cause}`,
    });
  });

  it('fails on a path into null input in its own words', async () => {
    const result = await runState({ Type: 'Pass', Parameters: { 'x.$': '$.a' } }, null);
    expect(result.cause).toContain('Unable to apply Path transformation to null or empty input.');
  });

  it('fails when the result does not fit into the input', async () => {
    expect(await runState({ Type: 'Pass', ResultPath: '$.a' }, 'text')).toMatchObject({
      status: 'FAILED',
      error: 'States.ReferencePathConflict',
      cause: 'Unable to apply ReferencePath $.a to input "text"',
    });
  });

  it('counts history events as AWS does, for the causes', async () => {
    const machine = {
      StartAt: 'A',
      States: {
        A: { Type: 'Task', Resource: functionArn, Next: 'B' },
        B: { Type: 'Pass', InputPath: '$.none', End: true },
      },
    };
    const result = await runMachine(machine, {}, () => ({}));
    expect(result.cause).toContain("'B' (entered at the event id #7)");
  });

  it('refuses output over 256 KiB', async () => {
    const result = await runState({ Type: 'Pass', Result: 'x'.repeat(262_143) });
    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause:
        "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('ends an execution that goes round for ever', async () => {
    const machine = {
      StartAt: 'A',
      States: {
        A: {
          Type: 'Choice',
          Choices: [{ Variable: '$.x', IsPresent: true, Next: 'B' }],
          Default: 'A',
        },
        B: { Type: 'Succeed' },
      },
    };
    expect(await runMachine(machine)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
  });
});
