/** What is said about single states: which fields, values, paths and templates Step Functions refuses, or are not supported here. */
import { describe, expect, it } from 'vitest';
import { checkStateMachine } from '../../../../lib/local/asl/asl.ts';
import { callbackArn, functionArn, invokeArn } from '../run-machine.ts';

/** The problems of a machine with one state that ends it, as `path: message`. */
function problemsOf(state: object): string[] {
  const machine = { StartAt: 'S', States: { S: { End: true, ...state } } };
  return checkStateMachine(machine).map(({ path, message }) => `${path ?? ''}: ${message}`);
}

const task = { Type: 'Task', Resource: functionArn };

describe('checkStateMachine, state by state', () => {
  it.each([
    [{ Type: 'Pass', Comment: 'c', Result: [1], ResultPath: '$.a[0]', Parameters: { 'x.$': '$' } }],
    [
      {
        Type: 'Pass',
        InputPath: null,
        OutputPath: '$$.Execution',
        ResultPath: null,
        QueryLanguage: 'JSONPath',
      },
    ],
    [{ ...task, TimeoutSeconds: 10, HeartbeatSeconds: 9, Retry: [], Catch: [] }],
    [{ ...task, TimeoutSecondsPath: '$.t', HeartbeatSecondsPath: '$$.Execution.Input.h' }],
    [
      {
        Type: 'Task',
        Resource: invokeArn,
        Parameters: { 'FunctionName.$': '$.f', Qualifier: '1', LogType: 'Tail' },
      },
    ],
    [
      {
        Type: 'Task',
        Resource: callbackArn,
        Parameters: { FunctionName: 'f', InvocationType: 'RequestResponse' },
      },
    ],
    [{ Type: 'Wait', Seconds: 0 }],
    [{ Type: 'Wait', Timestamp: '2026-01-01T00:00:00+01:00' }],
    [
      {
        ...task,
        Retry: [
          {
            ErrorEquals: ['A'],
            IntervalSeconds: 2,
            MaxAttempts: 0,
            BackoffRate: 1.5,
            MaxDelaySeconds: 3,
            JitterStrategy: 'NONE',
            Comment: 'c',
          },
          { ErrorEquals: ['States.ALL'] },
        ],
      },
    ],
  ])('accepts %j', (state) => {
    expect(problemsOf(state)).toEqual([]);
  });

  it.each<[object, string[]]>([
    [{}, ['States.S: These fields are required: [Type]']],
    [
      { Type: 'Nope' },
      [
        "States.S.Type: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
      ],
    ],
    [{ Type: 'Pass', Foo: 1 }, ["States.S.Foo: Field 'Foo' is not supported"]],
    [
      { Type: 'Pass', TimeoutSeconds: 1 },
      ["States.S.TimeoutSeconds: Field 'TimeoutSeconds' is not supported"],
    ],
    [{ Type: 'Pass', Retry: [] }, ["States.S.Retry: Field 'Retry' is not supported"]],
    [
      { Type: 'Wait', Seconds: 1, ResultPath: null },
      ["States.S.ResultPath: Field 'ResultPath' is not supported"],
    ],
    [{ Type: 'Pass', Comment: 1 }, ['States.S.Comment: Expected value of type String']],
    [
      { Type: 'Pass', End: 'yes' },
      [
        'States.S.End: Expected value of type Boolean',
        "States.S: A state must have either 'Next' or 'End': true",
        ': Workflow has no terminal state',
      ],
    ],
    [{ Type: 'Pass', InputPath: 'x' }, ['States.S.InputPath: Value is not a valid JSONPath']],
    [
      { Type: 'Pass', ResultPath: '$.a[*]' },
      ['States.S.ResultPath: Value is not a Reference Path'],
    ],
    [
      { Type: 'Pass', ResultPath: '$$.Task' },
      ['States.S.ResultPath: Value is not a Reference Path'],
    ],
    [{ Type: 'Pass', Parameters: 'x' }, ['States.S.Parameters: Expected value of type Object']],
    [
      { Type: 'Pass', Parameters: { a: [{ 'b.$': 'x' }] } },
      [
        "States.S.Parameters.a[0].b.$: The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call",
      ],
    ],
    [
      { Type: 'Pass', Parameters: { 'a.$': 5 } },
      [
        "States.S.Parameters.a.$: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
      ],
    ],
    [
      { Type: 'Pass', Parameters: { 'a.$': 'States.Nope()' } },
      [
        "States.S.Parameters.a.$: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
      ],
    ],
    [{ Type: 'Task' }, ['States.S: These fields are required: [Resource]']],
    [
      { ...task, TimeoutSeconds: 0 },
      ['States.S.TimeoutSeconds: Expected a whole number from 1 to 99999999'],
    ],
    [
      { ...task, TimeoutSeconds: 1, TimeoutSecondsPath: '$.t' },
      ["States.S: You cannot specify both 'TimeoutSeconds' and 'TimeoutSecondsPath'"],
    ],
    [
      { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 },
      ["States.S.HeartbeatSeconds: 'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'"],
    ],
    [
      { Type: 'Task', Resource: 'arn:aws:s3:::bucket' },
      [
        'States.S.Resource: The resource provided arn:aws:s3:::bucket is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.',
      ],
    ],
    [
      { Type: 'Task', Resource: invokeArn },
      ["States.S.Parameters: The field 'FunctionName' is required but was missing"],
    ],
    [
      { Type: 'Task', Resource: invokeArn, Parameters: { FunctionName: 'f', Foo: 1 } },
      ["States.S.Parameters.Foo: The field 'Foo' is not supported by Step Functions"],
    ],
    [
      { Type: 'Wait' },
      [
        'States.S: One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]',
      ],
    ],
    [
      { Type: 'Wait', Seconds: 1, SecondsPath: '$.s' },
      ["States.S: You cannot specify both 'Seconds' and 'SecondsPath'"],
    ],
    [
      { Type: 'Wait', Timestamp: '2026-01-01' },
      ['States.S.Timestamp: String does not match RFC3339 timestamp'],
    ],
    [{ Type: 'Parallel' }, ['States.S: These fields are required: [Branches]']],
    [{ Type: 'Parallel', Branches: 1 }, ['States.S.Branches: Expected value of type Array']],
    [{ Type: 'Parallel', Branches: [] }, ['States.S.Branches: Value cannot be empty']],
    [{ Type: 'Parallel', Branches: [1] }, ['States.S.Branches[0]: Expected value of type Object']],
    [
      { Type: 'Parallel', Branches: [{ States: {}, Foo: 1 }] },
      [
        'States.S.Branches[0].States: Value cannot be empty',
        "States.S.Branches[0].Foo: Field 'Foo' is not supported",
        'States.S.Branches[0]: These fields are required: [StartAt]',
      ],
    ],
  ])('refuses %j', (state, expected) => {
    expect(problemsOf(state)).toEqual(expected);
  });

  it.each<[object, string]>([
    [{ Retry: 1 }, 'States.S.Retry: Expected value of type Array'],
    [{ Retry: [1] }, 'States.S.Retry[0]: Expected value of type Object'],
    [{ Retry: [{}] }, 'States.S.Retry[0]: These fields are required: [ErrorEquals]'],
    [{ Retry: [{ ErrorEquals: [] }] }, 'States.S.Retry[0].ErrorEquals: Value cannot be empty'],
    [
      { Retry: [{ ErrorEquals: [1] }] },
      'States.S.Retry[0].ErrorEquals: Expected an array of strings',
    ],
    [
      { Retry: [{ ErrorEquals: ['A'], Foo: 1 }] },
      "States.S.Retry[0].Foo: Field 'Foo' is not supported",
    ],
    [
      { Retry: [{ ErrorEquals: ['A'], BackoffRate: 0.5 }] },
      'States.S.Retry[0].BackoffRate: Expected a number of at least 1',
    ],
    [
      { Retry: [{ ErrorEquals: ['A'], MaxAttempts: -1 }] },
      'States.S.Retry[0].MaxAttempts: Expected a whole number from 0 to 99999999',
    ],
    [
      { Retry: [{ ErrorEquals: ['A'], JitterStrategy: 'SOME' }] },
      "States.S.Retry[0].JitterStrategy: The field 'JitterStrategy' should have one of these values: [FULL, NONE]",
    ],
    [
      { Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 5, MaxDelaySeconds: 5 }] },
      "States.S.Retry[0].MaxDelaySeconds: 'MaxDelaySeconds' must be greater than 'IntervalSeconds'",
    ],
    [
      { Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] },
      "States.S.Retry[0].ErrorEquals: 'States.ALL' can not be specified with other errors",
    ],
    [
      {
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'S' },
          { ErrorEquals: ['A'], Next: 'S' },
        ],
      },
      "States.S.Catch[0].ErrorEquals: 'States.ALL' can only be specified in the last one",
    ],
    [{ Catch: [{ ErrorEquals: ['A'] }] }, 'States.S.Catch[0]: These fields are required: [Next]'],
    [
      { Catch: [{ ErrorEquals: ['A'], Next: 'S', ResultPath: '$..a' }] },
      'States.S.Catch[0].ResultPath: Value is not a Reference Path',
    ],
  ])('refuses a task with %j', (fields, expected) => {
    expect(problemsOf({ ...task, ...fields })).toEqual([expected]);
  });

  it.each<[object, string]>([
    [{ Type: 'Map', ItemProcessor: {} }, 'States.S.Type: The state type Map'],
    [
      { Type: 'Pass', QueryLanguage: 'JSONata' },
      'States.S.QueryLanguage: The query language JSONata',
    ],
    [{ Type: 'Pass', Assign: {} }, 'States.S.Assign: Assign (variables)'],
    [{ Type: 'Pass', Output: {} }, 'States.S.Output: Output (JSONata)'],
    [{ ...task, Arguments: {} }, 'States.S.Arguments: Arguments (JSONata)'],
    [{ ...task, Credentials: {} }, 'States.S.Credentials: Credentials (cross-account access)'],
    [{ Type: 'Pass', InputPath: '$name.x' }, 'States.S.InputPath: The variable $name'],
    [{ Type: 'Pass', ResultPath: '$name' }, 'States.S.ResultPath: The variable $name'],
    [
      { Type: 'Pass', Parameters: { 'x.$': "States.Format('{}', $name)" } },
      'States.S.Parameters.x.$: The variable $name',
    ],
    [
      { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage' },
      'States.S.Resource: The service integration sqs:sendMessage',
    ],
    [
      { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2' },
      'States.S.Resource: The service integration states:startExecution.sync:2',
    ],
    [
      { Type: 'Task', Resource: 'arn:aws:states:eu-central-1:123456789012:activity:sign' },
      'States.S.Resource: An activity',
    ],
    [
      {
        Type: 'Task',
        Resource: invokeArn,
        Parameters: { FunctionName: 'f', InvocationType: 'Event' },
      },
      'States.S.Parameters.InvocationType: InvocationType "Event"',
    ],
  ])('refuses by name what it does not support: %j', (state, what) => {
    expect(problemsOf(state)).toEqual([`${what} is not supported by the embedded runtime.`]);
    const [problem] = checkStateMachine({ StartAt: 'S', States: { S: { End: true, ...state } } });
    expect(problem?.code).toBe('asl.unsupported');
  });
});
