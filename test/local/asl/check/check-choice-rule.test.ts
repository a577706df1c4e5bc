/** What is said about choice rules that cannot work. */
import { describe, expect, it } from 'vitest';
import { checkStateMachine } from '../../../../lib/local/asl/asl.ts';

function problemsOf(choices: unknown): string[] {
  const machine = {
    StartAt: 'C',
    States: { C: { Type: 'Choice', Choices: choices, Default: 'X' }, X: { Type: 'Succeed' } },
  };
  return checkStateMachine(machine).map(({ path, message }) => `${path ?? ''}: ${message}`);
}

const place = 'States.C.Choices[0]';

describe('checks of choice rules', () => {
  it.each([
    { Variable: '$.a', StringEquals: 'x' },
    { Variable: '$.a', StringGreaterThanEqualsPath: '$.b' },
    { Variable: '$.a', NumericLessThan: 1.5 },
    { Variable: '$.a', BooleanEquals: false },
    { Variable: '$.a', TimestampEquals: '2026-01-01T00:00:00Z' },
    { Variable: '$.a', StringMatches: 'x*' },
    { Variable: '$.a', IsPresent: true },
    { Variable: '$$.Execution.Input', IsNull: false },
    {
      And: [
        { Variable: '$.a', IsString: true },
        { Or: [{ Not: { Variable: '$.a', IsNumeric: true } }] },
      ],
    },
  ])('accepts %j', (rule) => {
    expect(problemsOf([{ ...rule, Next: 'X', Comment: 'c' }])).toEqual([]);
  });

  it.each<[unknown, string]>([
    [1, 'States.C.Choices: Expected value of type Array'],
    [[], 'States.C.Choices: Value cannot be empty'],
    [[1], `${place}: Expected value of type Object`],
    [[{ Variable: '$.a', IsNull: true }], `${place}: These fields are required: [Next]`],
    [[{ IsNull: true, Next: 'X' }], `${place}: These fields are required: [Variable]`],
    [
      [{ Variable: '$.a', Next: 'X' }],
      `${place}: A choice rule must have exactly one comparison operator, And, Or or Not`,
    ],
    [
      [{ Variable: '$.a', IsNull: true, IsString: true, Next: 'X' }],
      `${place}: A choice rule must have exactly one comparison operator, And, Or or Not`,
    ],
    [
      [{ Variable: 'a', IsNull: true, Next: 'X' }],
      `${place}.Variable: Value is not a valid JSONPath`,
    ],
    [
      [{ Variable: '$.a', IsNull: 1, Next: 'X' }],
      `${place}.IsNull: Expected value of type Boolean`,
    ],
    [
      [{ Variable: '$.a', StringEquals: 1, Next: 'X' }],
      `${place}.StringEquals: Expected value of type String`,
    ],
    [
      [{ Variable: '$.a', NumericEquals: '1', Next: 'X' }],
      `${place}.NumericEquals: Expected value of type Number`,
    ],
    [
      [{ Variable: '$.a', TimestampEquals: 'soon', Next: 'X' }],
      `${place}.TimestampEquals: String does not match RFC3339 timestamp`,
    ],
    [
      [{ Variable: '$.a', StringMatches: 'a\\b', Next: 'X' }],
      `${place}.StringMatches: A backslash in StringMatches must be followed by * or a backslash`,
    ],
    [
      [{ Variable: '$.a', IsNullPath: '$.b', Next: 'X' }],
      `${place}.IsNullPath: Field 'IsNullPath' is not supported`,
    ],
    [[{ And: [], Next: 'X' }], `${place}.And: Value cannot be empty`],
    [[{ Not: 1, Next: 'X' }], `${place}.Not: Expected value of type Object`],
    [
      [{ Not: { Variable: '$.a', IsNull: true, Next: 'X' }, Next: 'X' }],
      `${place}.Not.Next: Field 'Next' is not supported`,
    ],
    [
      [{ Variable: '$.a', Not: { Variable: '$.a', IsNull: true }, Next: 'X' }],
      `${place}.Variable: Field 'Variable' is not supported`,
    ],
    [
      [{ Condition: '{% true %}', Next: 'X' }],
      `${place}.Condition: Condition (JSONata) is not supported by the embedded runtime.`,
    ],
  ])('refuses %j', (choices, expected) => {
    expect(problemsOf(choices)).toContain(expected);
  });
});
