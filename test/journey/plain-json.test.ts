/** What counts as JSON, and when two values are the same. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../lib/json.ts';
import { isPlainJson, isScalar, sameJson } from '../../lib/journey/plain-json.ts';

describe('isPlainJson', () => {
  test.each([
    null,
    0,
    -1.5,
    '',
    'a',
    true,
    [],
    {},
    [1, [2]],
    { a: { b: [null] } },
    { a: undefined },
  ])('accepts %j', (value) => {
    expect(isPlainJson(value, 5)).toBe(true);
  });

  test.each([
    undefined,
    Number.NaN,
    Infinity,
    10n,
    Symbol('x'),
    () => 1,
    new Date(0),
    new Map(),
    [undefined],
    [new Date(0)],
    { a: () => 1 },
  ])('refuses %s', (value) => {
    expect(isPlainJson(value, 5)).toBe(false);
  });

  test('accepts objects without a prototype', () => {
    expect(isPlainJson(Object.assign(Object.create(null) as object, { a: 1 }), 1)).toBe(true);
  });

  test('refuses what is deeper than told, however deep it is', () => {
    expect(isPlainJson([[1]], 2)).toBe(true);
    expect(isPlainJson([[[1]]], 2)).toBe(false);
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
    expect(isPlainJson(deep, 20)).toBe(false);
  });
});

describe('isScalar', () => {
  test('holds for texts, finite numbers and booleans', () => {
    expect(['', 1, false].every(isScalar)).toBe(true);
    expect([null, undefined, Number.NaN, [], {}].some(isScalar)).toBe(false);
  });
});

describe('sameJson', () => {
  test.each([
    [1, 1],
    ['a', 'a'],
    [null, null],
    [
      [1, { a: [2] }],
      [1, { a: [2] }],
    ],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [undefined, undefined],
  ])('%j is the same as %j', (a, b) => {
    expect(sameJson(a, b)).toBe(true);
  });

  test.each<[Json | undefined, Json | undefined]>([
    [1, '1'],
    [0, false],
    [null, undefined],
    [null, {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [[], {}],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, 'a'],
    [JSON.parse('{"__proto__": {}}') as Json, { a: 1 }],
  ])('%j is not the same as %j', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
  });
});
