/** `custom_code`: what becomes of a step when its code has run. */
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../lib/json.ts';
import { customCode } from '../../lib/nodes/custom-code.ts';
import type { Outcome } from '../../lib/nodes/node-type.ts';
import { configProblems, resumeNode, runNode } from '../support/node-runs.ts';

const source = 'return 1';

function after(value: Json | undefined, config: JsonObject = {}): Outcome {
  const answer = { kind: 'returned' as const, ...(value === undefined ? {} : { value }) };
  return resumeNode(customCode, { source, ...config }, { kind: 'code', answer });
}

describe('the node', () => {
  test('runs its source for a quarter of a second, unless it says otherwise', () => {
    expect(runNode(customCode, { source })).toEqual({ kind: 'run_code', source, timeoutMs: 250 });
    expect(runNode(customCode, { source, timeout: '5s' })).toMatchObject({ timeoutMs: 5_000 });
  });

  test('branches when it names branches, and only then', () => {
    const branchesOf = (config: JsonObject) =>
      customCode.branches?.(customCode.config.parse({ source, ...config }));
    expect([branchesOf({}), branchesOf({ branches: ['a', 'b'] })]).toEqual([[], ['a', 'b']]);
  });

  test.each([
    [{ source: ' \n' }, 'is empty'],
    [{ source, timeout: '6s' }, 'must be more than 0 and at most 5s'],
    [{ source, branches: ['a', 'a'] }, 'must be different from each other'],
  ])('%j is refused with a reason', (config, problem) => {
    expect(configProblems(customCode, config)).toContain(problem);
  });
});

describe('a result', () => {
  test.each<[Json | undefined, JsonObject | undefined]>([
    [{ total: 14 }, { total: 14 }],
    [5, { value: 5 }],
    ['text', { value: 'text' }],
    [[1, 2], { value: [1, 2] }],
    [false, { value: false }],
    [null, undefined],
    [undefined, undefined],
  ])('%j is kept as %j', (value, result) => {
    expect(after(value)).toEqual({
      kind: 'completed',
      ...(result === undefined ? {} : { result }),
    });
  });

  test('that is nested too deep fails the node', () => {
    const deep: Json = JSON.parse('['.repeat(30) + ']'.repeat(30));
    expect(after(deep)).toMatchObject({ kind: 'failed', code: 'code.result_too_deep' });
  });
});

describe('a branch', () => {
  const branches = ['big', 'small'];

  test.each<[Json, Outcome]>([
    ['big', { kind: 'branched', branch: 'big' }],
    [{ branch: 'small' }, { kind: 'branched', branch: 'small' }],
    [
      { branch: 'big', result: { total: 14 } },
      { kind: 'branched', branch: 'big', result: { total: 14 } },
    ],
    [
      { branch: 'big', result: 14 },
      { kind: 'branched', branch: 'big', result: { value: 14 } },
    ],
  ])('is chosen by %j', (value, outcome) => {
    expect(after(value, { branches })).toEqual(outcome);
  });

  test.each<[Json | undefined, string]>([
    ['medium', '"medium"'],
    [5, '5'],
    [undefined, 'none'],
    [null, 'null'],
    [{ result: 5 }, 'none'],
    [['big'], '["big"]'],
  ])('that is none of those drawn fails the node: %j', (value, said) => {
    expect(after(value, { branches })).toEqual({
      kind: 'failed',
      code: 'code.branch_unknown',
      detail: `the code chose ${said}; it can choose "big", "small"`,
      retryable: false,
    });
  });
});

test('code that fails, fails the node with its code', () => {
  const answer = { kind: 'failed' as const, code: 'code.threw', detail: 'line 2: Error: no' };
  expect(resumeNode(customCode, { source }, { kind: 'code', answer })).toEqual({
    kind: 'failed',
    code: 'code.threw',
    detail: 'line 2: Error: no',
    retryable: false,
  });
  expect(resumeNode(customCode, { source }, { kind: 'timer' })).toMatchObject({ kind: 'failed' });
});
