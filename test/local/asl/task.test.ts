/** Task states: what a function gets, what its result becomes, tokens, timeouts and heartbeats. */
import { describe, expect, it } from 'vitest';
import type { RunningTask } from '../../../lib/local/asl/asl.ts';
import { callbackArn, functionArn, invokeArn, named, runMachine, runState } from './run-machine.ts';

const callback = { Type: 'Task', Resource: callbackArn, Parameters: { FunctionName: 'f' } };

describe('a Task on a function ARN', () => {
  it('invokes it with its input, and its result is the output', async () => {
    const result = await runState(
      { Type: 'Task', Resource: functionArn },
      { a: 1 },
      (name, payload, task) => {
        expect(name).toBe(functionArn);
        expect(payload).toEqual({ a: 1 });
        expect(task).toMatchObject({ state: 'S', attempt: 1 });
        expect(task.token).toBeUndefined();
        return { b: 2 };
      },
    );
    expect(result.output).toEqual({ b: 2 });
  });

  it('takes no result as null, and drops what JSON does not know', async () => {
    const run = (answer: unknown): Promise<unknown> =>
      runState({ Type: 'Task', Resource: functionArn }, {}, () => answer).then(
        ({ output }) => output,
      );
    expect(await run(undefined)).toBeNull();
    expect(await run({ at: new Date(0), nothing: undefined })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('fails with the name and the message of what the function throws', async () => {
    const run = (thrown: unknown): ReturnType<typeof runState> =>
      runState({ Type: 'Task', Resource: functionArn }, {}, () => {
        throw thrown;
      });
    expect(await run(named('Lambda.Broken', 'why'))).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.Broken',
      cause: 'why',
    });
    expect(await run('text')).toMatchObject({ error: 'Error', cause: 'text' });
    expect(await run({ name: 'Odd' })).toEqual({
      status: 'FAILED',
      error: 'Odd',
      trace: ['S'],
      tookMs: 0,
    });
    expect(await run(null)).toMatchObject({ error: 'Error', cause: 'null' });
  });

  it('fails when the result cannot be written as JSON', async () => {
    const result = await runState({ Type: 'Task', Resource: functionArn }, {}, () => ({ n: 1n }));
    expect(result).toMatchObject({ status: 'FAILED', error: 'TypeError' });
  });

  it('gives functions a payload of their own', async () => {
    const result = await runState(
      { Type: 'Task', Resource: functionArn, ResultPath: null },
      { a: { b: 1 } },
      (_name, payload) => {
        (payload as { a: { b: number } }).a.b = 2;
      },
    );
    expect(result.output).toEqual({ a: { b: 1 } });
  });

  it('refuses a result over 256 KiB, which can be caught', async () => {
    const machine = {
      StartAt: 'T',
      States: {
        T: {
          Type: 'Task',
          Resource: functionArn,
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }],
          End: true,
        },
        C: { Type: 'Pass', End: true },
      },
    };
    const result = await runMachine(machine, {}, () => 'x'.repeat(262_143));
    expect(result.output).toEqual({
      Error: 'States.DataLimitExceeded',
      Cause: `The state/task '${functionArn}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    });
  });
});

describe('a Task on lambda:invoke', () => {
  const invoke = (parameters: object): object => ({
    Type: 'Task',
    Resource: invokeArn,
    Parameters: parameters,
  });

  it('gives AWS’s shape of result', async () => {
    const state = invoke({ 'FunctionName.$': '$.f', Payload: { 'x.$': '$.x' } });
    const result = await runState(state, { f: 'greet', x: 1 }, (name, payload) => {
      expect([name, payload]).toEqual(['greet', { x: 1 }]);
      return 'hello';
    });
    expect(result.output).toMatchObject({
      ExecutedVersion: '$LATEST',
      Payload: 'hello',
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: expect.any(String) as string },
      StatusCode: 200,
    });
  });

  it('invokes with an empty object when the payload is null or absent', async () => {
    for (const parameters of [{ FunctionName: 'f' }, { FunctionName: 'f', Payload: null }]) {
      await runState(invoke(parameters), {}, (_name, payload) => {
        expect(payload).toEqual({});
      });
    }
  });

  it('fails when the name of the function is no text', async () => {
    const result = await runState(invoke({ 'FunctionName.$': '$.f' }), { f: 1 });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(result.cause).toContain(
      `The Parameters '{"FunctionName":1}' could not be used to start the Task: [The value of the field 'FunctionName' has an invalid format]`,
    );
  });
});

describe('a Task that waits for its token', () => {
  it('ends with what the token is answered with, after the function has returned', async () => {
    let held: RunningTask | undefined;
    const run = runState(callback, {}, (_name, _payload, task) => {
      held = task;
      return 'ignored';
    });
    await new Promise((resolve) => setImmediate(resolve));
    held?.succeed({ a: 1 });
    expect((await run).output).toEqual({ a: 1 });
  });

  it('may be answered before the function returns', async () => {
    const result = await runState(callback, {}, async (_name, _payload, task) => {
      task.succeed('early');
      await new Promise((resolve) => setImmediate(resolve));
      throw named('TooLate');
    });
    expect(result.output).toBe('early');
  });

  it('takes the first answer and no other', async () => {
    const result = await runState(callback, {}, (_name, _payload, task) => {
      task.succeed(1);
      task.succeed(2);
      task.fail('Late', 'too late');
      task.heartbeat();
    });
    expect(result.output).toBe(1);
  });

  it('fails as the token says', async () => {
    const failed = await runState(callback, {}, (_name, _payload, task) => {
      task.fail('Refused', 'not today');
    });
    expect(failed).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'not today' });
    const bare = await runState(callback, {}, (_name, _payload, task) => {
      task.fail();
    });
    expect(bare).toEqual({ status: 'FAILED', trace: ['S'], tookMs: 0 });
  });

  it('fails when its function throws', async () => {
    const result = await runState(callback, {}, () => {
      throw named('NotSent');
    });
    expect(result).toMatchObject({ status: 'FAILED', error: 'NotSent' });
  });

  it('has a new token at each attempt, and the old ones answer nothing', async () => {
    const tokens: (string | undefined)[] = [];
    let first: RunningTask | undefined;
    const result = await runState(
      { ...callback, Retry: [{ ErrorEquals: ['Again'] }] },
      {},
      (_name, _payload, task) => {
        tokens.push(task.token);
        if (first === undefined) {
          first = task;
          throw named('Again');
        }
        first.succeed('stale');
        task.succeed(task.attempt);
      },
    );
    expect(result.output).toBe(2);
    expect(new Set(tokens).size).toBe(2);
  });

  it('ignores answers to a task that has no token', async () => {
    const result = await runState(
      { Type: 'Task', Resource: functionArn },
      {},
      async (_name, _payload, task) => {
        task.succeed('not mine');
        task.fail('not mine');
        await Promise.resolve();
        return 'mine';
      },
    );
    expect(result.output).toBe('mine');
  });
});

describe('limits of a Task', () => {
  const never = (): Promise<never> => new Promise(() => undefined);

  it.each([
    ['a function', { Type: 'Task', Resource: functionArn, TimeoutSeconds: 5 }],
    ['a token', { ...callback, TimeoutSeconds: 5 }],
    ['a path', { Type: 'Task', Resource: functionArn, TimeoutSecondsPath: '$.seconds' }],
  ])('times out with States.Timeout and no cause: %s', async (_what, state) => {
    const result = await runState(state, { seconds: 5 }, never);
    expect(result).toEqual({
      status: 'FAILED',
      error: 'States.Timeout',
      trace: ['S'],
      tookMs: 5_000,
    });
  });

  it('times out when the heartbeat stops, as States.Timeout', async () => {
    const state = { ...callback, TimeoutSeconds: 600, HeartbeatSeconds: 5 };
    const result = await runState(state, {}, never);
    expect(result).toMatchObject({ error: 'States.Timeout', tookMs: 5_000 });
  });

  it('begins the time of the heartbeat anew with each beat', async () => {
    let task: RunningTask | undefined;
    const state = { ...callback, HeartbeatSecondsPath: '$.beat' };
    const machine = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          End: true,
          Branches: [
            { StartAt: 'S', States: { S: { ...state, End: true } } },
            {
              StartAt: 'W',
              States: {
                W: { Type: 'Wait', Seconds: 4, Next: 'B' },
                B: { Type: 'Task', Resource: functionArn, End: true },
              },
            },
          ],
        },
      },
    };
    const result = await runMachine(machine, { beat: 5 }, (name, _payload, running) => {
      if (name === functionArn) task?.heartbeat();
      else task = running;
    });
    expect(result).toMatchObject({ error: 'States.Timeout', tookMs: 9_000 });
  });

  it.each([
    [{ TimeoutSecondsPath: '$.none' }, "Invalid path '$.none' : No results for path: $['none']"],
    [
      { TimeoutSecondsPath: '$.text' },
      'The TimeoutSecondsPath field refers to value "x" which is not a valid positive integer: $.text',
    ],
    [
      { HeartbeatSecondsPath: '$.zero' },
      'The HeartbeatSecondsPath field refers to value "0" which is not a valid positive integer: $.zero',
    ],
    [{ InputPath: '$.none' }, "Invalid path '$.none' : No results for path: $['none']"],
  ])('fails for %j before it invokes anything', async (fields, cause) => {
    const state = { Type: 'Task', Resource: functionArn, ...fields };
    const result = await runState(state, { text: 'x', zero: 0 }, () => expect.fail('invoked'));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(result.cause).toContain(cause);
  });
});
