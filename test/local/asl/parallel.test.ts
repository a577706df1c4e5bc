/** Parallel states: branches side by side, their outputs in order, and the failure of one that ends all. */
import { describe, expect, it } from 'vitest';
import type { RunningTask } from '../../../lib/local/asl/asl.ts';
import { callbackArn, functionArn, named, runMachine, runState } from './run-machine.ts';

const task = (name: string, fields: object = {}): object => ({
  StartAt: name,
  States: { [name]: { Type: 'Task', Resource: functionArn, End: true, ...fields } },
});
const pass = (name: string, fields: object = {}): object => ({
  StartAt: name,
  States: { [name]: { Type: 'Pass', End: true, ...fields } },
});
const fail = (name: string, error: string): object => ({
  StartAt: name,
  States: { [name]: { Type: 'Fail', Error: error, Cause: 'why' } },
});
const wait = (name: string, seconds: number): object => ({
  StartAt: name,
  States: { [name]: { Type: 'Wait', Seconds: seconds, End: true } },
});

describe('Parallel', () => {
  it('runs branches side by side and lists their outputs in order', async () => {
    const result = await runState({
      Type: 'Parallel',
      Branches: [wait('A', 3), pass('B', { Result: 2 }), wait('C', 1)],
    });
    expect(result).toMatchObject({
      output: [{}, 2, {}],
      trace: ['S', 'A', 'B', 'C'],
      tookMs: 3_000,
    });
  });

  it('gives each branch the parameters, and selects from the list', async () => {
    const result = await runState(
      {
        Type: 'Parallel',
        InputPath: '$.x',
        Parameters: { 'y.$': '$.y' },
        Branches: [pass('A'), pass('B', { OutputPath: '$.y' })],
        ResultSelector: { 'second.$': '$[1]' },
        ResultPath: '$.z',
      },
      { x: { y: 1 } },
    );
    expect(result.output).toEqual({ x: { y: 1 }, z: { second: 1 } });
  });

  it('nests', async () => {
    const inner = {
      StartAt: 'I',
      States: { I: { Type: 'Parallel', Branches: [pass('A'), task('B')], End: true } },
    };
    const result = await runState({ Type: 'Parallel', Branches: [inner, pass('C')] }, 1, () => 'b');
    expect(result.output).toEqual([[1, 'b'], 1]);
  });

  it('fails with the error of the first branch that fails, and ignores its siblings from then on', async () => {
    let slow: RunningTask | undefined;
    const held = {
      StartAt: 'Held',
      States: {
        Held: { Type: 'Task', Resource: callbackArn, Parameters: { FunctionName: 'f' }, End: true },
      },
    };
    const machine = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [held, task('Quick')],
          Catch: [{ ErrorEquals: ['Broken'], Next: 'After' }],
          End: true,
        },
        After: { Type: 'Wait', Seconds: 1, End: true },
      },
    };
    const result = await runMachine(machine, {}, (name, _payload, running) => {
      if (name !== functionArn) {
        slow = running;
        return;
      }
      setImmediate(() => slow?.succeed('too late'));
      throw named('Broken', 'why');
    });
    expect(result).toMatchObject({
      output: { Error: 'Broken', Cause: 'why' },
      trace: ['P', 'Held', 'Quick', 'After'],
    });
  });

  it('starts no further branch after one that fails at once', async () => {
    const result = await runState({
      Type: 'Parallel',
      Branches: [task('A'), fail('B', 'Broken'), pass('C')],
    });
    expect(result).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'why' });
    expect(result.trace).toEqual(['S', 'A', 'B']);
  });

  it('can be caught as States.BranchFailed', async () => {
    const machine = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [fail('A', 'Broken')],
          Catch: [{ ErrorEquals: ['States.BranchFailed'], Next: 'C' }],
          End: true,
        },
        C: { Type: 'Pass', End: true },
      },
    };
    expect((await runMachine(machine)).output).toEqual({ Error: 'Broken', Cause: 'why' });
  });

  it('runs all branches again when it is retried', async () => {
    let calls = 0;
    const result = await runState(
      {
        Type: 'Parallel',
        Branches: [pass('A'), task('B', { Parameters: { 'n.$': '$$.State.RetryCount' } })],
        Retry: [{ ErrorEquals: ['Broken'], IntervalSeconds: 2 }],
        ResultSelector: { 'retries.$': '$$.State.RetryCount' },
      },
      {},
      () => {
        calls += 1;
        if (calls === 1) throw named('Broken');
      },
    );
    expect(result).toMatchObject({
      output: { retries: 1 },
      trace: ['S', 'A', 'B', 'A', 'B'],
      tookMs: 2_000,
    });
  });

  it('lets a state of a branch retry by itself', async () => {
    let calls = 0;
    const result = await runState(
      {
        Type: 'Parallel',
        Branches: [task('A', { Retry: [{ ErrorEquals: ['Broken'] }] }), wait('B', 5)],
      },
      {},
      () => {
        calls += 1;
        if (calls === 1) throw named('Broken');
        return calls;
      },
    );
    expect(result).toMatchObject({ output: [2, {}], tookMs: 5_000 });
  });

  it('ends the execution with States.Runtime of a branch, whatever it catches', async () => {
    const machine = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [pass('A', { InputPath: '$.none' })],
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }],
          End: true,
        },
        C: { Type: 'Pass', End: true },
      },
    };
    expect(await runMachine(machine)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it.each([{ InputPath: '$.none' }, { Parameters: { 'x.$': '$.none' } }, { OutputPath: '$.none' }])(
    'fails for %j',
    async (fields) => {
      const result = await runState({ Type: 'Parallel', Branches: [pass('A')], ...fields });
      expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    },
  );

  it('invokes nothing for a branch whose state fails in the same moment', async () => {
    const invoked: string[] = [];
    const branch = (name: string, then: object): object => ({
      StartAt: name,
      States: { [name]: { Type: 'Wait', Seconds: 1, Next: `${name}2` }, [`${name}2`]: then },
    });
    const result = await runState(
      {
        Type: 'Parallel',
        Branches: [
          branch('A', { Type: 'Task', Resource: functionArn, End: true }),
          branch('B', { Type: 'Fail', Error: 'Broken' }),
        ],
      },
      {},
      (_name, _payload, running) => {
        invoked.push(running.state);
      },
    );
    expect(result.error).toBe('Broken');
    expect(invoked).toEqual([]);
  });
});
