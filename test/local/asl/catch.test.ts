/** Catchers: what they match, what they hand on, and where the execution goes on. */
import { describe, expect, it } from 'vitest';
import type { TimedResult } from './run-machine.ts';
import { callbackArn, functionArn, named, runMachine, type Invoke } from './run-machine.ts';

/** Runs a task with these catchers; the output tells which one took the failure and what it handed on. */
async function runCaught(
  catchers: readonly object[],
  invoke: Invoke,
  fields: object = {},
): Promise<TimedResult> {
  const targets = catchers.map((_, at) => [`C${at}`, { Type: 'Pass', End: true }] as const);
  return runMachine(
    {
      StartAt: 'T',
      States: {
        T: {
          Type: 'Task',
          Resource: functionArn,
          Catch: catchers.map((catcher, at) => ({ ...catcher, Next: `C${at}` })),
          End: true,
          ...fields,
        },
        ...Object.fromEntries(targets),
      },
    },
    { a: 1 },
    invoke,
  );
}

const throwing =
  (name: string, cause = 'why'): Invoke =>
  () => {
    throw named(name, cause);
  };

describe('Catch', () => {
  it('leads to the first catcher that names the error, with error and cause as output', async () => {
    const result = await runCaught(
      [{ ErrorEquals: ['B'] }, { ErrorEquals: ['A', 'C'] }, { ErrorEquals: ['States.ALL'] }],
      throwing('A'),
    );
    expect(result).toMatchObject({ trace: ['T', 'C1'], output: { Error: 'A', Cause: 'why' } });
  });

  it('puts the error where ResultPath says, and takes no notice of OutputPath', async () => {
    const all = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error' }];
    const result = await runCaught(all, throwing('A'), { OutputPath: '$.none' });
    expect(result.output).toEqual({ a: 1, error: { Error: 'A', Cause: 'why' } });
  });

  it('hands on the input alone when ResultPath is null', async () => {
    const result = await runCaught([{ ErrorEquals: ['A'], ResultPath: null }], throwing('A'));
    expect(result.output).toEqual({ a: 1 });
  });

  it('fails when the error does not fit into the input', async () => {
    const result = await runCaught([{ ErrorEquals: ['A'], ResultPath: '$.a.b' }], throwing('A'));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.ReferencePathConflict' });
  });

  it('lets through what no catcher names', async () => {
    const result = await runCaught([{ ErrorEquals: ['B'] }], throwing('A'));
    expect(result).toMatchObject({ status: 'FAILED', error: 'A', cause: 'why', trace: ['T'] });
  });

  it('comes after the last attempt', async () => {
    let attempts = 0;
    const result = await runCaught(
      [{ ErrorEquals: ['A'] }],
      () => {
        attempts += 1;
        throw named('A');
      },
      { Retry: [{ ErrorEquals: ['A'], MaxAttempts: 2 }] },
    );
    expect([attempts, result.trace]).toEqual([3, ['T', 'C0']]);
  });

  const timingOut = {
    TimeoutSeconds: 9,
    HeartbeatSeconds: 3,
    Resource: callbackArn,
    Parameters: { FunctionName: 'f' },
  };
  const silent: Invoke = () => null;

  it.each([
    ['States.TaskFailed', { TimeoutSeconds: 3 }, false],
    ['States.Timeout', { TimeoutSeconds: 3 }, true],
    ['States.HeartbeatTimeout', { TimeoutSeconds: 3 }, false],
    ['States.ALL', { TimeoutSeconds: 3 }, true],
    ['States.TaskFailed', timingOut, false],
    ['States.Timeout', timingOut, true],
    ['States.HeartbeatTimeout', timingOut, true],
    ['States.ALL', timingOut, true],
  ])('as %s with %j takes the expiry: %j', async (name, fields, caught) => {
    const never: Invoke = 'Resource' in fields ? silent : () => new Promise(() => undefined);
    const result = await runCaught([{ ErrorEquals: [name] }], never, fields);
    expect(result.trace).toEqual(caught ? ['T', 'C0'] : ['T']);
    expect(result.tookMs).toBe(3_000);
  });

  it('gives a timeout an empty cause, and a heartbeat the name it is asked for by', async () => {
    const timeout = [{ ErrorEquals: ['States.Timeout'] }];
    const heartbeat = [{ ErrorEquals: ['States.HeartbeatTimeout'] }];
    expect((await runCaught(timeout, silent, timingOut)).output).toEqual({
      Error: 'States.Timeout',
      Cause: '',
    });
    expect((await runCaught(heartbeat, silent, timingOut)).output).toEqual({
      Error: 'States.HeartbeatTimeout',
      Cause: '',
    });
  });

  it('takes any failure of a function as States.TaskFailed', async () => {
    const result = await runCaught([{ ErrorEquals: ['States.TaskFailed'] }], throwing('Anything'));
    expect(result.trace).toEqual(['T', 'C0']);
  });

  it('has null for what the answer of a token leaves out', async () => {
    const fields = { Resource: callbackArn, Parameters: { FunctionName: 'f' } };
    const result = await runCaught(
      [{ ErrorEquals: ['States.Runtime'] }, { ErrorEquals: ['States.ALL'] }],
      (_name, _payload, task) => {
        task.fail();
      },
      fields,
    );
    expect(result).toMatchObject({ trace: ['T', 'C1'], output: { Error: null, Cause: null } });
  });

  it('does not take States.Runtime, by whatever name', async () => {
    const result = await runCaught(
      [{ ErrorEquals: ['States.Runtime'] }, { ErrorEquals: ['States.ALL'] }],
      () => ({}),
      { OutputPath: '$.none' },
    );
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime', trace: ['T'] });
  });

  it('takes a result that does not fit by its documented name', async () => {
    const result = await runCaught(
      [{ ErrorEquals: ['States.ResultPathMatchFailure'], ResultPath: null }],
      () => 1,
      { ResultPath: '$.a.b' },
    );
    expect(result.trace).toEqual(['T', 'C0']);
  });
});
