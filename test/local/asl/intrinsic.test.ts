/** Intrinsic functions: what each of them gives, and how they fail. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../lib/json.ts';
import type { Evaluation } from '../../../lib/local/asl/evaluation.ts';
import { compileIntrinsic } from '../../../lib/local/asl/intrinsic.ts';

function evaluation(input: Json): Evaluation {
  return {
    input,
    context: () => ({ Execution: { Name: 'run-1' } }),
    chance: { next: () => 0.25 },
    failure: undefined,
  };
}

function call(text: string, input: Json = {}): Json | undefined {
  return compileIntrinsic(text)?.(evaluation(input));
}

function faultOf(text: string, input: Json = {}): string | undefined {
  const looked = evaluation(input);
  expect(compileIntrinsic(text)?.(looked)).toBeUndefined();
  expect(looked.failure?.error).toBe('States.IntrinsicFailure');
  return looked.failure?.text;
}

describe('list functions', () => {
  it.each<[string, Json]>([
    ['States.Array()', []],
    ["States.Array(1, 'a', $.x, null, true)", [1, 'a', { y: 2 }, null, true]],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [3]]],
    ['States.ArrayPartition($.list, 1.6)', [[1, 2], [3]]],
    ['States.ArrayContains($.objects, $.x)', true],
    ['States.ArrayContains($.list, 4)', false],
    ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['States.ArrayRange(5, 1, -2)', [5, 3, 1]],
    ['States.ArrayRange(5, 1, 2)', []],
    ['States.ArrayRange(0.4, 2.6, 1)', [0, 1, 2, 3]],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 3],
    ['States.ArrayUnique($.repeated)', [1, { y: 2 }, 'a']],
  ])('%s', (text, expected) => {
    const input = {
      x: { y: 2 },
      list: [1, 2, 3],
      objects: [{ y: 1 }, { y: 2 }],
      repeated: [1, { y: 2 }, 1, { y: 2 }, 'a'],
    };
    expect(call(text, input)).toEqual(expected);
  });

  it.each([
    ['States.ArrayLength($.a)', 'The first argument must be an array.'],
    ['States.ArrayPartition(States.Array(1), 0)', 'The chunk size must be a positive number.'],
    ["States.ArrayPartition(States.Array(1), 'x')", 'The chunk size must be a positive number.'],
    ['States.ArrayRange(1, 2, 0)', 'The step must not be zero.'],
    ["States.ArrayRange(1, 2, 'x')", 'All arguments must be numbers.'],
    ['States.ArrayRange(1, 1001, 1)', 'The range must not contain more than 1000 items.'],
    ['States.ArrayGetItem(States.Array(1), 1)', 'The index 1 is outside of the array.'],
  ])('%s fails', (text, fault) => {
    expect(faultOf(text, { a: 'text' })).toBe(
      `The function '${text}' had the following error: ${fault}`,
    );
  });

  it('makes a range of a thousand items', () => {
    expect(call('States.ArrayRange(1, 1000, 1)')).toHaveLength(1_000);
  });
});

describe('text functions', () => {
  it.each<[string, Json]>([
    ["States.Format('Hello {}', $.name)", 'Hello Ada'],
    ["States.Format('{} of {}', 1, null)", '1 of null'],
    ["States.Format('{}', $.deep)", '{a=1, b=[true, x], c={d=null}}'],
    [String.raw`States.Format('\{\} and {} \\', 'x')`, String.raw`{} and x \ `.trim()],
    [String.raw`States.Format('it\'s {}', 'x')`, "it's x"],
    [String.raw`States.StringToJson('\{"a":1\}')`, { a: 1 }],
    ["States.StringSplit('a,b;c,,d', ',;')", ['a', 'b', 'c', 'd']],
    ["States.StringSplit('', ',')", []],
    ["States.Base64Encode('Grüße')", 'R3LDvMOfZQ=='],
    ["States.Base64Decode('R3LDvMOfZQ==')", 'Grüße'],
    ["States.Hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ["States.Hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ['States.Hash($.number, $.algorithm)', 'c4ca4238a0b923820dcc509a6f75849b'],
    ["States.StringToJson(' ')", null],
    ["States.StringToJson('-0')", 0],
    ["States.StringToJson('[1, 2]')", [1, 2]],
    ['States.JsonToString($.deep)', '{"a":1,"b":[true,"x"],"c":{"d":null}}'],
    ['States.JsonMerge($.left, $.right, false)', { a: { y: 2 }, b: 1, c: 3 }],
    ['States.Format($$.Execution.Name)', 'run-1'],
  ])('%s', (text, expected) => {
    const input = {
      name: 'Ada',
      deep: { a: 1, b: [true, 'x'], c: { d: null } },
      left: { a: { x: 1 }, b: 1 },
      right: { a: { y: 2 }, c: 3 },
      number: 1,
      algorithm: 'MD5',
    };
    expect(call(text, input)).toEqual(expected);
  });

  it.each([
    ["States.Format('{} {}', 1)", undefined],
    ["States.Format('x', 1)", undefined],
    ['States.Format(1)', 'The first argument must be a string.'],
    ['States.StringSplit(1, 2)', 'Both arguments must be strings.'],
    ['States.Base64Encode(1)', 'The argument must be a string.'],
    ['States.Base64Encode($.long)', 'The argument must not be longer than 10000 characters.'],
    [
      "States.Hash('a', 'SHA-3')",
      'The algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512.',
    ],
    ['States.StringToJson(1)', 'The argument must be a string.'],
    ["States.StringToJson('x')", 'Could not parse the string as JSON: x'],
    [
      'States.JsonMerge($, $, true)',
      'The third argument must be false: only shallow merging is supported.',
    ],
    ['States.JsonMerge(1, $, false)', 'The first two arguments must be JSON objects.'],
  ])('%s fails', (text, fault) => {
    const said = faultOf(text, { long: 'x'.repeat(10_001) });
    expect(said).toContain(
      fault ?? 'The number of arguments do not match the occurrences of {} in the template.',
    );
  });
});

describe('number functions', () => {
  it.each<[string, Json]>([
    ['States.MathAdd(1, 2)', 3],
    ['States.MathAdd(1.5, 1.49)', 3],
    ['States.MathAdd(-1.5, -0.5)', -1],
    ['States.MathRandom(10, 20)', 12],
    ['States.UUID()', '40404040-4040-4040-8040-404040404040'],
  ])('%s', (text, expected) => {
    expect(call(text)).toEqual(expected);
  });

  it('gives the same number for the same seed', () => {
    const first = call('States.MathRandom(0, 1000000, 42)');
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(1_000_000);
    expect(call('States.MathRandom(0, 1000000, 42)')).toBe(first);
    expect(call('States.MathRandom(0, 1000000, 43)')).not.toBe(first);
  });

  it.each([
    ["States.MathAdd(1, 'x')", 'All arguments must be numbers.'],
    ["States.MathRandom(1, 'x')", 'All arguments must be numbers.'],
    ["States.MathRandom(1, 2, 'x')", 'All arguments must be numbers.'],
    ['States.MathRandom(2, 2)', 'The start must be lower than the end.'],
  ])('%s fails', (text, fault) => {
    expect(faultOf(text)).toContain(fault);
  });
});

describe('compileIntrinsic', () => {
  it.each([
    'States.Unknown()',
    'States.Array',
    'States.Array(',
    'States.Array(1',
    'States.Array(1,)',
    'States.Array(1 2)',
    'States.Array("x")',
    "States.Array('x)",
    'States.Array($.a b)',
    'States.Array(1) x',
    'States.UUID(1)',
    'States.MathAdd(1)',
    'States.MathAdd(1, States.Nope())',
    String.raw`States.Format('a \"quote\"')`,
    'Array(1)',
  ])('refuses %s', (text) => {
    expect(compileIntrinsic(text)).toBeUndefined();
  });

  it('takes paths with brackets, quotes and commas as arguments', () => {
    expect(
      call("States.Array($['a,b'][0], $.c[?(@.d == ')')])", { 'a,b': [1], c: [{ d: ')' }] }),
    ).toEqual([1, [{ d: ')' }]]);
  });

  it('nests calls', () => {
    const text = "States.ArrayGetItem(States.StringSplit($.text, '-'), States.MathAdd(1, 1))";
    expect(call(text, { text: 'a-b-c' })).toBe('c');
  });

  it('names the function and the argument that is not there', () => {
    const looked = evaluation({ a: 1 });
    expect(compileIntrinsic("States.Format('{}', $.b)")?.(looked)).toBeUndefined();
    expect(looked.failure).toEqual({
      error: 'States.Runtime',
      text: `The function 'States.Format('{}', $.b)' had the following error: The JsonPath argument for the field '$.b' could not be found in the input '{"a":1}'`,
    });
  });
});
