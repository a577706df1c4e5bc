/** The context object: what a state machine can read about its execution, state and task. */
import { describe, expect, it } from 'vitest';
import { callbackArn, functionArn, named, runState } from './run-machine.ts';

describe('the context object', () => {
  it('tells about the execution, the machine and the state', async () => {
    const result = await runState({ Type: 'Pass', Parameters: { 'context.$': '$$' } }, { a: 1 });
    expect(result.output).toMatchObject({
      context: {
        Execution: {
          Input: { a: 1 },
          StartTime: '2026-01-01T00:00:00.000Z',
          RedriveCount: 0,
        },
        StateMachine: { Name: 'local' },
        State: { Name: 'S', EnteredTime: '2026-01-01T00:00:00.000Z' },
      },
    });
    expect(result.output).not.toHaveProperty('context.State.RetryCount');
    expect(result.output).not.toHaveProperty('context.Task');
  });

  it('counts the retries of a state that can retry', async () => {
    const counts: unknown[] = [];
    await runState(
      {
        Type: 'Task',
        Resource: functionArn,
        Parameters: { 'count.$': '$$.State.RetryCount' },
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }],
      },
      {},
      (_name, payload) => {
        counts.push(payload);
        throw named('Again');
      },
    );
    expect(counts).toEqual([{ count: 0 }, { count: 1 }, { count: 2 }]);
  });

  it('has the token of a task that waits for one', async () => {
    const result = await runState(
      {
        Type: 'Task',
        Resource: callbackArn,
        Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
      },
      {},
      (_name, payload, task) => {
        expect(payload).toEqual({ token: task.token });
        task.succeed(1);
      },
    );
    expect(result.output).toBe(1);
  });

  it('is overlaid field by field with what the caller gives', async () => {
    const context = {
      Execution: { Id: 'my-id', Name: 'my-run' },
      State: { EnteredTime: 'then' },
      Own: { x: 1 },
      Scalar: 2,
    };
    const state = {
      Type: 'Pass',
      Parameters: {
        'all.$': '$$',
        'id.$': '$$.Execution.Id',
        'own.$': '$$.Own.x',
        'scalar.$': '$$.Scalar',
      },
    };
    const result = await runState(state, { a: 1 }, undefined, { context });
    expect(result.output).toMatchObject({
      all: {
        Execution: { Id: 'my-id', Name: 'my-run', Input: { a: 1 } },
        State: { Name: 'S', EnteredTime: 'then' },
        Own: { x: 1 },
        Scalar: 2,
      },
      id: 'my-id',
      own: 1,
      scalar: 2,
    });
    expect(result.output).not.toHaveProperty('all.Execution.RedriveCount');
  });

  it('can be selected as input, and compared in a choice', async () => {
    const selected = await runState({ Type: 'Pass', InputPath: '$$.Execution.Input.a' }, { a: 3 });
    expect(selected.output).toBe(3);
  });

  it('fails for what it does not have', async () => {
    const result = await runState({ Type: 'Pass', Parameters: { 'x.$': '$$.Task.Token' } });
    expect(result.cause).toContain("The JSONPath '$$.Task.Token' specified for the field 'x.$'");
  });
});
