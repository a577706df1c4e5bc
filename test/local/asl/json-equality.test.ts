/** When two JSON values are the same. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../lib/json.ts';
import { jsonEquals } from '../../../lib/local/asl/json-equality.ts';

function read(text: string): Json {
  return JSON.parse(text) as Json;
}

describe('two JSON values', () => {
  it.each([
    ['null', 'null'],
    ['1', '1.0'],
    ['"a"', '"a"'],
    ['[]', '[]'],
    ['[1, [2, null]]', '[1, [2, null]]'],
    ['{}', '{}'],
    ['{"a": 1, "b": {"c": []}}', '{"b": {"c": []}, "a": 1}'],
  ])('are equal: %s and %s', (left, right) => {
    expect(jsonEquals(read(left), read(right))).toBe(true);
    expect(jsonEquals(read(right), read(left))).toBe(true);
  });

  it.each([
    ['null', 'false'],
    ['1', '"1"'],
    ['[]', '{}'],
    ['[1]', '[1, null]'],
    ['[1, 2]', '[2, 1]'],
    ['[[1]]', '[[2]]'],
    ['[1]', '1'],
    ['{"a": 1}', '{"a": 2}'],
    ['{"a": 1}', '{"b": 1}'],
    ['{"a": 1}', '{"a": 1, "b": 1}'],
    ['{"a": null}', '{"b": null}'],
    ['{"a": 1}', '"a"'],
    ['{"__proto__": {}}', '{"a": {}}'],
  ])('differ: %s and %s', (left, right) => {
    expect(jsonEquals(read(left), read(right))).toBe(false);
    expect(jsonEquals(read(right), read(left))).toBe(false);
  });
});
