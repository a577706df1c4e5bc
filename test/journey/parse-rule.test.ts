/** Rules and filters as people draw them, and each mistake with its place. */
import { describe, expect, test } from 'vitest';
import { parseFilter, parseRule } from '../../lib/journey/parse-rule.ts';

describe('parseRule', () => {
  test('reads a comparison, with eq where no operator is given', () => {
    expect(parseRule({ field: 'customer.properties.plan', value: 'pro' })).toEqual({
      rule: { field: 'customer.properties.plan', op: 'eq', value: 'pro' },
    });
  });

  test('reads groups of comparisons', () => {
    const drawn = {
      any: [
        { all: [{ field: 'event.total', op: 'gte', value: 10 }] },
        { not: { field: 'customer.email', op: 'exists' } },
      ],
    };
    expect(parseRule(drawn)).toEqual({
      rule: {
        any: [
          { all: [{ field: 'event.total', op: 'gte', value: 10 }] },
          { not: { field: 'customer.email', op: 'exists', value: true } },
        ],
      },
    });
  });

  test.each([
    ['eq', [1, 'a', { b: true }]],
    ['neq', 'x'],
    ['gt', 1],
    ['gte', '2026-01-01'],
    ['lt', -1.5],
    ['lte', 0],
    ['contains', 'part'],
    ['in', ['a', 1, true]],
    ['not_in', ['a']],
    ['exists', true],
    ['exists', false],
  ])('accepts %s %j', (op, value) => {
    const field = 'customer.x';
    expect(parseRule({ field, op, value })).toEqual({ rule: { field, op, value } });
  });

  test.each([
    ['eq', null, 'must not be null: use {"op": "exists", "value": false}'],
    ['eq', undefined, 'is required'],
    ['gt', true, 'must be a number or a text for gt'],
    ['lte', [1], 'must be a number or a text for lte'],
    ['contains', ['a'], 'must be a text, a number or true/false for contains'],
    ['in', 'a', 'must be a list of values for in'],
    ['not_in', [], 'must be a list of values for not_in'],
    ['in', [['a']], 'must list only texts, numbers and true/false'],
    ['in', Array.from({ length: 1_001 }, () => 1), 'must not list more than 1000 values'],
    ['exists', 'yes', 'must be true or false for exists'],
    ['eq', Number.NaN, 'must be plain JSON'],
    ['eq', new Date(0), 'must be plain JSON'],
  ])('refuses %s with a value that it cannot compare', (op, value, message) => {
    expect(parseRule({ field: 'customer.x', op, value })).toEqual({
      problems: [{ path: ['value'], message }],
    });
  });

  test.each([null, 'plan = pro', 7, [], [{ field: 'customer.x', value: 1 }]])(
    'refuses %j',
    (input) => {
      expect(parseRule(input)).toEqual({
        problems: [
          {
            path: [],
            message:
              'must be {"field", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}',
          },
        ],
      });
    },
  );

  test.each(['plan', 'customer', 'user.plan', 'accumulate.x.y'])(
    'refuses the path %s, which begins with no known root',
    (field) => {
      expect(parseRule({ field, value: 1 })).toEqual({
        problems: [
          {
            path: ['field'],
            message: `must begin with customer., event., context., accumulated. (it is "${field}")`,
          },
        ],
      });
    },
  );

  test.each([
    '',
    'customer.',
    '.plan',
    'customer..plan',
    ' customer.plan',
    'customer. plan',
    7,
    'customer.' + 'x'.repeat(200),
  ])('refuses %j as a path', (field) => {
    expect(parseRule({ field, value: 1 })).toEqual({
      problems: [{ path: ['field'], message: 'must be a path such as "customer.properties.plan"' }],
    });
  });

  test('says which operator was probably meant', () => {
    expect(parseRule({ field: 'customer.x', op: 'not-in', value: ['a'] })).toEqual({
      problems: [
        {
          path: ['op'],
          message:
            'must be one of eq, neq, gt, gte, lt, lte, contains, in, not_in, exists; did you mean "not_in"?',
        },
      ],
    });
    expect(parseRule({ field: 'customer.x', op: 9, value: 1 })).toEqual({
      problems: [
        {
          path: ['op'],
          message: 'must be one of eq, neq, gt, gte, lt, lte, contains, in, not_in, exists',
        },
      ],
    });
  });

  test('reports every mistake with its place', () => {
    const drawn = {
      all: [
        { field: 'plan', value: 'pro', why: 'because' },
        { any: [] },
        { not: { value: 1 } },
        { not: 'x', and: [] },
      ],
    };
    expect(parseRule(drawn)).toEqual({
      problems: [
        { path: ['all', 0], message: 'has the unknown key "why"' },
        {
          path: ['all', 0, 'field'],
          message: 'must begin with customer., event., context., accumulated. (it is "plan")',
        },
        { path: ['all', 1, 'any'], message: 'must list at least one rule' },
        { path: ['all', 2, 'not', 'field'], message: 'is required' },
        { path: ['all', 3], message: 'has the unknown key "and"' },
        {
          path: ['all', 3, 'not'],
          message:
            'must be {"field", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}',
        },
      ],
    });
  });

  test('accepts ten levels of nesting and refuses the eleventh', () => {
    const nest = (levels: number): unknown =>
      levels === 0 ? { field: 'event.x', value: 1 } : { not: nest(levels - 1) };
    expect(parseRule(nest(10))).toHaveProperty('rule');
    expect(parseRule(nest(11))).toEqual({
      problems: [
        {
          path: Array.from({ length: 11 }, () => 'not'),
          message: 'must not be nested deeper than 10 levels',
        },
      ],
    });
  });

  test('refuses more than 200 comparisons, in one list or in all lists together', () => {
    const comparisons = (count: number): unknown[] =>
      Array.from({ length: count }, () => ({ field: 'event.x', value: 1 }));
    expect(parseRule({ all: comparisons(200) })).toHaveProperty('rule');
    expect(parseRule({ all: comparisons(201) })).toEqual({
      problems: [{ path: ['all'], message: 'must not list more than 200 rules' }],
    });
    expect(parseRule({ all: [{ any: comparisons(150) }, { any: comparisons(51) }] })).toEqual({
      problems: [{ path: [], message: 'must not make more than 200 comparisons' }],
    });
  });
});

describe('parseFilter', () => {
  test('reads equal values and comparisons into one rule', () => {
    expect(parseFilter({ plan: 'pro', 'order.total': { op: 'gte', value: 10 } })).toEqual({
      rule: {
        all: [
          { field: 'plan', op: 'eq', value: 'pro' },
          { field: 'order.total', op: 'gte', value: 10 },
        ],
      },
    });
  });

  test('reads an empty filter as one that any event passes', () => {
    expect(parseFilter({})).toEqual({ rule: { all: [] } });
  });

  test('compares with whole lists', () => {
    expect(parseFilter({ tags: ['a', 'b'] })).toEqual({
      rule: { all: [{ field: 'tags', op: 'eq', value: ['a', 'b'] }] },
    });
  });

  test.each([
    [null, [], 'must be an object of fields, such as {"plan": "pro"}'],
    [['plan'], [], 'must be an object of fields, such as {"plan": "pro"}'],
    ['plan', [], 'must be an object of fields, such as {"plan": "pro"}'],
    [{ plan: null }, ['plan'], 'must not be null: use {"op": "exists", "value": false}'],
    [
      { order: { total: 10 } },
      ['order'],
      'must be a value or {"op", "value"}; nested fields are written "a.b"',
    ],
    [{ 'a..b': 1 }, ['a..b'], 'must be named by a path into the event, such as "order.total"'],
    [{ a: { op: 'in', value: 1 } }, ['a', 'value'], 'must be a list of values for in'],
    [{ a: { op: 'gt', value: 1, or: 2 } }, ['a'], 'has the unknown key "or"'],
  ])('refuses %j', (input, path, message) => {
    expect(parseFilter(input)).toEqual({ problems: [{ path, message }] });
  });

  test('refuses an unknown operator at its place', () => {
    expect(parseFilter({ a: { op: 'like', value: 'x' } })).toEqual({
      problems: [
        {
          path: ['a', 'op'],
          message: 'must be one of eq, neq, gt, gte, lt, lte, contains, in, not_in, exists',
        },
      ],
    });
  });
});
