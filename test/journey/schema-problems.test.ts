/** What schemas refuse, in words that people can follow. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  durationMsField,
  filterField,
  jsonObjectField,
  nameField,
  ruleField,
  shapedField,
} from '../../lib/journey/schema-field.ts';
import { pathText, schemaProblems } from '../../lib/journey/schema-problems.ts';

const schema = z.strictObject({
  name: nameField(5),
  wait: durationMsField,
  rule: ruleField,
  filter: filterField,
  extra: jsonObjectField,
  kind: z.enum(['a', 'b']),
  count: z.int().min(1).max(3),
  on: z.boolean(),
  list: z.array(z.string()).min(1).max(2),
});

function said(input: unknown): string[] {
  const parsed = schema.safeParse(input);
  return parsed.success
    ? []
    : schemaProblems(parsed.error, input, 'config').map(({ message }) => message);
}

describe('schemaProblems', () => {
  test('says which fields are missing', () => {
    expect(said({})).toEqual([
      'config.name is required',
      'config.wait is required',
      'config.rule must be {"field", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}',
      'config.filter must be an object of fields, such as {"plan": "pro"}',
      'config.extra must be a JSON object, nested at most 20 levels deep',
      'config.kind is required',
      'config.count is required',
      'config.on is required',
      'config.list is required',
    ]);
  });

  test('says what each field must be', () => {
    const input = {
      name: 'too long',
      wait: 3,
      rule: { field: 'event.x', op: 'eq' },
      filter: { a: null },
      extra: null,
      kind: 'c',
      count: 2.5,
      on: 'yes',
      list: ['a', 2],
    };
    expect(said(input)).toEqual([
      'config.name must not be longer than 5 characters',
      'config.wait must be a duration such as "3d": a whole number and one of the units ms, s, m, h, d, w, without spaces',
      'config.rule.value is required',
      'config.filter.a must not be null: use {"op": "exists", "value": false}',
      'config.extra must be a JSON object, nested at most 20 levels deep',
      'config.kind must be one of "a", "b"',
      'config.count must be a whole number',
      'config.on must be true or false',
      'config.list[1] must be a text',
    ]);
  });

  test('says what is too small, too large or not known', () => {
    const fine = {
      wait: '1s',
      rule: { field: 'event.x', value: 1 },
      filter: {},
      extra: {},
      kind: 'a',
      on: true,
    };
    expect(said({ ...fine, name: '', count: 0, list: [], other: 1, more: 2 })).toEqual([
      'config.name must not be empty',
      'config.count must be at least 1',
      'config.list must have at least 1 entries',
      'config has the unknown key "other"',
      'config has the unknown key "more"',
    ]);
    expect(said({ ...fine, name: 'a\tb', count: 4, list: ['a', 'b', 'c'] })).toEqual([
      'config.name must be one line of text without blanks around it',
      'config.count must be at most 3',
      'config.list must not have more than 2 entries',
    ]);
  });

  test('says what the whole input must be', () => {
    expect(said('text')).toEqual(['config must be an object']);
    const parsed = z.strictObject({}).safeParse({ a: 1 });
    if (parsed.success) throw new Error('accepted');
    expect(schemaProblems(parsed.error, { a: 1 }, '')).toEqual([
      { path: '', message: 'it has the unknown key "a"' },
    ]);
  });

  test('keeps the words of schemas that it does not know', () => {
    const parsed = z.strictObject({ at: z.iso.date() }).safeParse({ at: 'x' });
    if (parsed.success) throw new Error('accepted');
    expect(schemaProblems(parsed.error, { at: 'x' }, 'config')).toEqual([
      { path: 'config.at', message: 'config.at Invalid ISO date' },
    ]);
  });
});

describe('shapedField', () => {
  const field = shapedField<unknown>((input) =>
    typeof input === 'string' ? z.string().max(2) : z.strictObject({ a: z.number() }),
  );

  test('reads by the schema that fits', () => {
    expect(field.parse('ab')).toBe('ab');
    expect(field.parse({ a: 1 })).toEqual({ a: 1 });
  });

  test('reports in the words of that schema, at the place', () => {
    const outer = z.strictObject({ it: field });
    const words = (input: unknown): string[] => {
      const parsed = outer.safeParse(input);
      return parsed.success
        ? []
        : schemaProblems(parsed.error, input, '').map(({ message }) => message);
    };
    expect(words({ it: 'abc' })).toEqual(['it must not be longer than 2 characters']);
    expect(words({ it: { a: 'x', b: 1 } })).toEqual([
      'it.a must be a number',
      'it has the unknown key "b"',
    ]);
  });
});

describe('pathText', () => {
  test.each([
    ['', [], ''],
    ['', ['nodes', 2, 'config'], 'nodes[2].config'],
    ['config', ['filter', 'order.total', 'op'], 'config.filter["order.total"].op'],
  ])('%j and %j give %s', (place, path, text) => {
    expect(pathText(place, path)).toBe(text);
  });
});
