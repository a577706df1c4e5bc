/** JSONPath as Step Functions reads it: every kind of step, filters, and the texts that are no path. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../lib/json.ts';
import { explainMissing, parseJsonPath } from '../../../lib/local/asl/json-path.ts';

const document: Json = {
  name: 'Ada',
  nothing: null,
  'a b': 1,
  tags: ['x', 'y', 'z'],
  orders: [
    { id: 1, total: 10, lines: [{ sku: 'p' }] },
    { id: 2, total: 30, lines: [{ sku: 'q' }, { sku: 'r' }] },
  ],
};

function read(path: string, from: Json = document): Json | undefined {
  const parsed = parseJsonPath(path);
  if (parsed === undefined) throw new Error(`${path} does not parse`);
  return parsed.read(from);
}

describe('parseJsonPath', () => {
  it.each<[string, Json]>([
    ['$', document],
    ['$.name', 'Ada'],
    ['$.nothing', null],
    ["$['name']", 'Ada'],
    ['$["a b"]', 1],
    ['$.tags[0]', 'x'],
    ['$.tags[-1]', 'z'],
    ['$.tags[0,2]', ['x', 'z']],
    ['$.tags[1:]', ['y', 'z']],
    ['$.tags[:2]', ['x', 'y']],
    ['$.tags[-2:]', ['y', 'z']],
    ['$.tags[*]', ['x', 'y', 'z']],
    ['$.orders[1].lines[0].sku', 'q'],
    ['$.orders[*].id', [1, 2]],
    ['$..sku', ['p', 'q', 'r']],
    ['$.orders..sku', ['p', 'q', 'r']],
    ["$['name','a b']", { name: 'Ada', 'a b': 1 }],
    ['$.orders[*].*', [1, 10, [{ sku: 'p' }], 2, 30, [{ sku: 'q' }, { sku: 'r' }]]],
    ['$.[0]', undefined as unknown as Json],
  ])('reads %s', (path, expected) => {
    expect(read(path)).toEqual(expected);
  });

  it.each<[string, Json]>([
    ['$.orders[?(@.total > 10)].id', [2]],
    ['$.orders[?(@.total >= 10 && @.id != 1)].id', [2]],
    ['$.orders[?(@.total < 20 || @.id == 2)].id', [1, 2]],
    ['$.orders[?(!(@.total <= 10))].id', [2]],
    ['$.orders[?(@.lines[1])].id', [2]],
    ['$.orders[?(@.id in [2, 3])].id', [2]],
    ['$.orders[?(@.id nin [2, 3])].id', [1]],
    ['$.orders[?(@.lines size 2)].id', [2]],
    ['$.orders[?(@.lines empty false)].id', [1, 2]],
    ["$.tags[?(@ == 'y')]", ['y']],
    ['$.tags[?(@ =~ /[xy]/)]', ['x', 'y']],
    ['$.tags[?(@ > "x")]', ['y', 'z']],
    ['$.tags[?(@ > 1)]', []],
    ['$.orders[?(@.id == $.orders[0].id)].id', [1]],
    ['$[?(@.name)].name', ['Ada']],
    ['$.orders[?(@.total == null)]', []],
    ['$.orders[?(@.none == true)]', []],
  ])('filters %s', (path, expected) => {
    expect(read(path)).toEqual(expected);
  });

  it.each<[string, Json | undefined]>([
    ['$.tags.length()', 3],
    ['$.name.length()', 3],
    ['$.orders[0].length()', 3],
    ['$.orders[*].total.sum()', 40],
    ['$.orders[*].total.avg()', 20],
    ['$.orders[*].total.min()', 10],
    ['$.orders[*].total.max()', 30],
    ['$.tags.first()', 'x'],
    ['$.tags.last()', 'z'],
    ['$.orders[0].keys()', ['id', 'total', 'lines']],
    ['$.name.keys()', undefined],
    ['$.nothing.length()', undefined],
    ['$.tags.sum()', undefined],
    ['$.none.length()', undefined],
  ])('applies %s', (path, expected) => {
    expect(read(path)).toEqual(expected);
  });

  it.each([
    '$.none',
    '$.name.first',
    '$.tags[3]',
    '$.tags[-4]',
    '$.name[0]',
    '$.tags.x',
    '$.toString',
  ])('finds nothing at %s', (path) => {
    expect(read(path)).toBeUndefined();
  });

  it.each([
    '$.none[*]',
    '$.none.deep[1:]',
    '$.name[*]',
    '$.tags[5:]',
    '$.none[?(@.a)]',
    '$.name..x',
  ])('finds an empty list at %s', (path) => {
    expect(read(path)).toEqual([]);
  });

  it.each([
    '',
    'name',
    '$name',
    '$.',
    '$..',
    '$.a b',
    '$.a[',
    '$.a[]',
    '$.a[x]',
    '$.a[1:2:3]',
    '$.a[:]',
    "$['a",
    "$['a'",
    "$['a',1]",
    '$.a[?(@.b)',
    '$.a[?@.b]',
    '$.a[?(@.b ==)]',
    '$.a[?(== 1)]',
    '$.a[?(@.b =~ x)]',
    '$.a[?(@.b =~ /(/)]',
    '$.a[?(@.b in [1,)]',
    '$.a[?(@.b && )]',
    '$.a[?(!)]',
    '$.a[?(@[x])]',
    '$.a.unknown()',
    '$.a.length(1)',
    '$.a.length().b',
  ])('refuses %j', (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  });

  it('takes a path that begins with $$ from the context object', () => {
    const path = parseJsonPath('$$.Execution.Name');
    expect(path?.root).toBe('context');
    expect(path?.read({ Execution: { Name: 'run-1' } })).toBe('run-1');
  });

  it('keeps a backslash in a quoted name unless it escapes the quote', () => {
    expect(read(`$['x\\"y']`, { 'x\\"y': 1 })).toBe(1);
    expect(read(`$['it\\'s']`, { "it's": 2 })).toBe(2);
  });
});

describe('explainMissing', () => {
  it.each([
    ['$.none', "No results for path: $['none']"],
    ['$.none.deep', "Missing property in path $['none']"],
    ['$.orders[0].none', "No results for path: $['orders'][0]['none']"],
    ['$.orders[7]', "No results for path: $['orders'][7]"],
    [
      '$.name.first',
      "Expected to find an object with property ['first'] in path $['name'] but found 'string'.",
    ],
    [
      '$.nothing.first',
      "Expected to find an object with property ['first'] in path $['nothing'] but found null.",
    ],
    [
      '$.tags.first',
      "Expected to find an object with property ['first'] in path $['tags'] but found 'array'.",
    ],
    ['$.name[0]', 'Filter: [0] can only be applied to arrays. Current context is: "Ada"'],
  ])('says why %s finds nothing', (text, expected) => {
    const path = parseJsonPath(text);
    if (path === undefined) throw new Error('does not parse');
    expect(explainMissing(path, document)).toBe(expected);
  });
});
