/** Every comparison operator of a Choice rule, with values of its own type and of others. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../lib/json.ts';
import { operators, parsePattern } from '../../../lib/local/asl/comparison.ts';

function holds(operator: string, value: Json, operand: Json): boolean {
  const known = operators[operator];
  if (known === undefined) throw new Error(`no operator ${operator}`);
  return known.compare(value, operand);
}

describe('operators', () => {
  it.each<[string, Json, Json, boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringLessThan', 'B', 'a', true],
    ['StringGreaterThan', 'b', 'a', true],
    ['StringLessThanEquals', 'a', 'a', true],
    ['StringGreaterThanEquals', 'a', 'b', false],
    ['NumericEquals', 1, 1, true],
    ['NumericEquals', 1, 1.5, false],
    ['NumericLessThan', 1, 2, true],
    ['NumericGreaterThan', 2, 1, true],
    ['NumericLessThanEquals', 2, 2, true],
    ['NumericGreaterThanEquals', 1, 2, false],
    ['BooleanEquals', true, true, true],
    ['BooleanEquals', false, true, false],
    ['TimestampEquals', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', true],
    ['TimestampLessThan', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.001Z', true],
    ['TimestampGreaterThan', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['TimestampLessThanEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['TimestampGreaterThanEquals', '2025-12-31T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['IsNull', null, true, true],
    ['IsNull', 0, true, false],
    ['IsNull', 0, false, true],
    ['IsString', '', true, true],
    ['IsNumeric', 1.5, true, true],
    ['IsNumeric', '1', true, false],
    ['IsBoolean', false, true, true],
    ['IsBoolean', null, false, true],
    ['IsTimestamp', '2026-01-01T00:00:00Z', true, true],
    ['IsTimestamp', '2026-01-01', true, false],
  ])('%s: %j against %j is %j', (operator, value, operand, expected) => {
    expect(holds(operator, value, operand)).toBe(expected);
  });

  it.each<[string, Json, Json]>([
    ['StringEquals', 1, '1'],
    ['NumericEquals', '1', 1],
    ['NumericEquals', null, 0],
    ['NumericLessThan', true, 2],
    ['BooleanEquals', 'true', true],
    ['BooleanEquals', null, false],
    ['TimestampEquals', '2026-01-01', '2026-01-01'],
    ['TimestampEquals', 5, '2026-01-01T00:00:00Z'],
    ['StringMatches', 1, '*'],
  ])('%s: a value of another type, %j, never matches %j', (operator, value, operand) => {
    expect(holds(operator, value, operand)).toBe(false);
  });

  it.each([
    ['log-*.txt', 'log-1.txt', true],
    ['log-*.txt', 'log-.txt', true],
    ['log-*.txt', 'log-1.txt.gz', false],
    ['*', '', true],
    ['*a*b*', 'xaxbx', true],
    ['*a*b*', 'bxa', false],
    ['a*a', 'a', false],
    ['ab*bc', 'abc', false],
    ['a*b*a', 'aba', true],
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    [String.raw`a\*b`, 'a*b', true],
    [String.raw`a\*b`, 'axb', false],
    [String.raw`a\\*`, String.raw`a\x`, true],
    ['', '', true],
  ])('StringMatches %s against %j is %j', (pattern, value, expected) => {
    expect(holds('StringMatches', value, pattern)).toBe(expected);
  });
});

describe('parsePattern', () => {
  it('splits at the wildcards', () => {
    expect(parsePattern(String.raw`a*b\*c*`)).toEqual(['a', 'b*c', '']);
  });

  it.each([String.raw`a\b`, 'a\\'])('refuses the open escape in %s', (pattern) => {
    expect(parsePattern(pattern)).toBeUndefined();
    expect(holds('StringMatches', 'ab', pattern)).toBe(false);
  });
});
