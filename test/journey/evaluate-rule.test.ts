/** Every operator against every kind of value, missing ones included, and the reasons given. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../lib/json.ts';
import { evaluateRule, explainRule } from '../../lib/journey/evaluate-rule.ts';
import { operators, type Operator, type Rule } from '../../lib/journey/rule.ts';

const field = 'customer.x';
const factsWith = (x: Json | undefined): object => ({ customer: x === undefined ? {} : { x } });

describe('evaluateRule', () => {
  const table: [Json | undefined, Operator, Json, boolean][] = [
    ['pro', 'eq', 'pro', true],
    ['pro', 'eq', 'Pro', false],
    [1, 'eq', '1', false],
    [1, 'eq', 1.0, true],
    [false, 'eq', false, true],
    [0, 'eq', false, false],
    [['a', 'b'], 'eq', ['a', 'b'], true],
    [['b', 'a'], 'eq', ['a', 'b'], false],
    [['a'], 'eq', ['a', 'b'], false],
    [['a'], 'eq', 'a', false],
    [{ a: 1, b: 2 }, 'eq', { b: 2, a: 1 }, true],
    [{ a: 1 }, 'eq', { a: 1, b: 2 }, false],
    [{ a: 1, c: 2 }, 'eq', { a: 1, b: 2 }, false],
    ['free', 'neq', 'pro', true],
    ['pro', 'neq', 'pro', false],
    [1, 'neq', '1', true],
    [11, 'gt', 10, true],
    [10, 'gt', 10, false],
    [10, 'gte', 10, true],
    [9, 'gte', 10, false],
    [9, 'lt', 10, true],
    [10, 'lt', 10, false],
    [10, 'lte', 10, true],
    [11, 'lte', 10, false],
    ['2026-02-01', 'gt', '2026-01-31', true],
    ['b', 'lt', 'a', false],
    ['a', 'lte', 'a', true],
    ['a', 'gte', 'b', false],
    ['9', 'lt', 10, false],
    [9, 'lt', '10', false],
    [true, 'gte', 1, false],
    [['a'], 'gt', 'a', false],
    ['welcome', 'contains', 'come', true],
    ['welcome', 'contains', 'bye', false],
    [['a', 1], 'contains', 1, true],
    [['a', 1], 'contains', '1', false],
    [12, 'contains', 1, false],
    ['12', 'contains', 1, false],
    ['de', 'in', ['de', 'at'], true],
    ['fr', 'in', ['de', 'at'], false],
    ['1', 'in', [1], false],
    ['fr', 'not_in', ['de', 'at'], true],
    ['de', 'not_in', ['de', 'at'], false],
    ['', 'exists', true, true],
    [0, 'exists', true, true],
    [false, 'exists', true, true],
    [false, 'exists', false, false],
  ];

  test.each(table)('%j %s %j: %s', (actual, op, value, holds) => {
    expect(evaluateRule({ field, op, value }, factsWith(actual))).toBe(holds);
  });

  const missing: Record<Operator, boolean> = {
    eq: false,
    neq: true,
    gt: false,
    gte: false,
    lt: false,
    lte: false,
    contains: false,
    in: false,
    not_in: true,
    exists: false,
  };

  test.each(operators)('a missing value and one of null: %s is as the semantics say', (op) => {
    const value: Json = op === 'in' || op === 'not_in' ? ['a'] : op === 'exists' ? true : 'a';
    expect(evaluateRule({ field, op, value }, factsWith(undefined))).toBe(missing[op]);
    expect(evaluateRule({ field, op, value }, factsWith(null))).toBe(missing[op]);
  });

  test('a missing value passes the question whether it does not exist', () => {
    expect(evaluateRule({ field, op: 'exists', value: false }, factsWith(undefined))).toBe(true);
  });

  const yes: Rule = { field, op: 'eq', value: 1 };
  const no: Rule = { field, op: 'eq', value: 2 };

  test.each<[Rule, boolean]>([
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ not: no }, true],
    [{ not: yes }, false],
    [{ all: [{ any: [no, { not: no }] }, yes] }, true],
  ])('%j: %s', (rule, holds) => {
    expect(evaluateRule(rule, factsWith(1))).toBe(holds);
  });

  test('reads filters from the data of an event', () => {
    const filter: Rule = { all: [{ field: 'order.total', op: 'gte', value: 10 }] };
    expect(evaluateRule(filter, { order: { total: 10 } })).toBe(true);
    expect(evaluateRule(filter, { order: { total: 9 } })).toBe(false);
    expect(evaluateRule(filter, {})).toBe(false);
  });
});

describe('explainRule', () => {
  test.each<[Json | undefined, Operator, Json, string]>([
    ['pro', 'eq', 'pro', 'customer.x is "pro"'],
    ['free', 'eq', 'pro', 'customer.x is "free", not "pro"'],
    ['free', 'neq', 'pro', 'customer.x is "free", not "pro"'],
    ['pro', 'neq', 'pro', 'customer.x is "pro", which is "pro"'],
    [11, 'gt', 10, 'customer.x is 11, more than 10'],
    [10, 'gt', 10, 'customer.x is 10, not more than 10'],
    [10, 'gte', 10, 'customer.x is 10, at least 10'],
    [9, 'gte', 10, 'customer.x is 9, not at least 10'],
    [9, 'lt', 10, 'customer.x is 9, less than 10'],
    [10, 'lt', 10, 'customer.x is 10, not less than 10'],
    [10, 'lte', 10, 'customer.x is 10, at most 10'],
    ['12', 'lte', 10, 'customer.x is "12", not at most 10'],
    ['abc', 'contains', 'b', 'customer.x is "abc", which contains "b"'],
    ['abc', 'contains', 'x', 'customer.x is "abc", which does not contain "x"'],
    ['de', 'in', ['de'], 'customer.x is "de", one of ["de"]'],
    ['fr', 'in', ['de'], 'customer.x is "fr", not one of ["de"]'],
    ['fr', 'not_in', ['de'], 'customer.x is "fr", not one of ["de"]'],
    ['de', 'not_in', ['de'], 'customer.x is "de", one of ["de"]'],
    ['', 'exists', true, 'customer.x is set'],
    ['', 'exists', false, 'customer.x is set'],
    [undefined, 'exists', true, 'customer.x is not set'],
    [undefined, 'neq', 'pro', 'customer.x is not set'],
  ])('%j %s %j: %s', (actual, op, value, because) => {
    expect(explainRule({ field, op, value }, factsWith(actual)).because).toBe(because);
  });

  const is = (name: string, value: Json): Rule => ({ field: `event.${name}`, op: 'eq', value });
  const facts = { event: { a: 1, b: 2 } };

  test.each<[Rule, boolean, string]>([
    [{ all: [is('a', 1), is('b', 2)] }, true, 'event.a is 1; event.b is 2'],
    [{ all: [is('a', 1), is('b', 3)] }, false, 'event.b is 2, not 3'],
    [{ any: [is('a', 9), is('b', 2)] }, true, 'event.b is 2'],
    [{ any: [is('a', 9), is('b', 9)] }, false, 'event.a is 1, not 9; event.b is 2, not 9'],
    [{ not: is('a', 1) }, false, 'event.a is 1'],
  ])('%j names what decided', (rule, holds, because) => {
    expect(explainRule(rule, facts)).toEqual({ holds, because });
  });

  test('names five reasons and counts the others', () => {
    const rule: Rule = { all: Array.from({ length: 7 }, () => is('a', 1)) };
    expect(explainRule(rule, facts).because).toBe(
      'event.a is 1; event.a is 1; event.a is 1; event.a is 1; event.a is 1; and 2 more',
    );
  });

  test('shortens long values', () => {
    const { because } = explainRule(is('a', 1), { event: { a: 'x'.repeat(500) } });
    expect(because).toBe(`event.a is "${'x'.repeat(79)}..., not 1`);
  });
});
