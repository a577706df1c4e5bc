/** Choice states: which rule decides, how rules combine, and what happens when none applies. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../lib/json.ts';
import { runMachine, type TimedResult } from './run-machine.ts';

/** Answers the name of the state that the rules lead to. */
async function choose(
  rules: readonly object[],
  input: Json,
  fields: object = {},
): Promise<TimedResult> {
  const choices = rules.map((rule, at) => ({ ...rule, Next: `R${at}` }));
  const targets = rules.map((_, at) => [`R${at}`, { Type: 'Pass', End: true }] as const);
  return runMachine(
    {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: choices, ...fields },
        ...Object.fromEntries(targets),
      },
    },
    input,
  );
}

describe('Choice', () => {
  it('goes where the first matching rule points', async () => {
    const rules = [
      { Variable: '$.n', NumericGreaterThan: 10 },
      { Variable: '$.n', NumericGreaterThan: 5 },
      { Variable: '$.n', NumericGreaterThan: 0 },
    ];
    expect((await choose(rules, { n: 7 })).trace).toEqual(['C', 'R1']);
  });

  it('goes to Default when nothing matches', async () => {
    const result = await choose(
      [{ Variable: '$.n', NumericEquals: 1 }],
      { n: 2 },
      { Default: 'R0' },
    );
    expect(result.trace).toEqual(['C', 'R0']);
  });

  it('fails when nothing matches and there is no Default', async () => {
    expect(await choose([{ Variable: '$.n', NumericEquals: 1 }], { n: 2 })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'C' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.",
    });
  });

  it('fails when the variable is not there', async () => {
    const result = await choose([{ Variable: '$.n', NumericEquals: 1 }], {}, { Default: 'R0' });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(result.cause).toContain(
      "Invalid path '$.n': The choice state's condition path references an invalid value.",
    );
  });

  it('compares with another place in the data', async () => {
    const rules = [{ Variable: '$.n', NumericLessThanPath: '$.limit' }];
    expect((await choose(rules, { n: 1, limit: 2 })).trace).toEqual(['C', 'R0']);
    const missing = await choose(rules, { n: 1 });
    expect(missing.cause).toContain("Invalid path '$.limit'");
  });

  it.each<[object, Json, boolean]>([
    [
      {
        And: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.a', IsNull: true },
        ],
      },
      { a: null },
      true,
    ],
    [
      {
        And: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.a', IsNull: true },
        ],
      },
      {},
      false,
    ],
    [
      {
        Or: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.b', IsPresent: true },
        ],
      },
      { b: 1 },
      true,
    ],
    [
      {
        Or: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.b', IsPresent: true },
        ],
      },
      {},
      false,
    ],
    [{ Not: { Variable: '$.a', IsPresent: true } }, {}, true],
    [{ Variable: '$.a', IsPresent: false }, {}, true],
    [{ Variable: '$.a[*]', IsPresent: true }, { a: [] }, false],
    [{ Variable: '$.a[*]', IsPresent: true }, { a: [1] }, true],
    [{ Variable: '$.a.length()', NumericEquals: 2 }, { a: [1, 2] }, true],
    [{ Variable: '$$.Execution.Input.a', StringMatches: 'x*' }, { a: 'xyz' }, true],
    [{ Variable: '$$.Task.Token', IsPresent: false }, {}, true],
  ])('judges %j on %j as %j', async (rule, input, expected) => {
    const result = await choose([rule], input);
    expect(result.status).toBe(expected ? 'SUCCEEDED' : 'FAILED');
  });

  it('looks at later parts only while the verdict is open', async () => {
    const missing = { Variable: '$.none', NumericEquals: 1 };
    const yes = { Variable: '$.a', IsPresent: true };
    const no = { Variable: '$.a', IsPresent: false };
    expect((await choose([{ And: [no, missing] }, yes], { a: 1 })).trace).toEqual(['C', 'R1']);
    expect((await choose([{ Or: [yes, missing] }], { a: 1 })).status).toBe('SUCCEEDED');
    expect((await choose([{ And: [yes, missing] }], { a: 1 })).status).toBe('FAILED');
    expect((await choose([{ Or: [no, missing] }], { a: 1 })).status).toBe('FAILED');
    expect((await choose([{ Not: missing }], { a: 1 })).status).toBe('FAILED');
  });

  it('selects its input before it judges, and its output after', async () => {
    const rules = [{ Variable: '$.n', NumericEquals: 1 }];
    const result = await choose(
      rules,
      { x: { n: 1, y: 2 } },
      { InputPath: '$.x', OutputPath: '$.y' },
    );
    expect(result.output).toBe(2);
    expect((await choose(rules, {}, { InputPath: '$.x' })).status).toBe('FAILED');
    expect((await choose(rules, { n: 1 }, { OutputPath: '$.x' })).status).toBe('FAILED');
  });
});
