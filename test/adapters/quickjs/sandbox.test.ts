/** One run in the interpreter: what code can do, what it cannot, and what its end is called. */
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { describe, expect, test } from 'vitest';
import { checkCode, runCode } from '../../../lib/adapters/quickjs/sandbox.ts';

const module = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'));

const facts = {
  customer: { id: 'c1', tags: ['a', 'b'] },
  event: { total: 7 },
  context: {},
  accumulated: { hook: { body: { score: 3 } } },
};

function run(source: string, timeoutMs = 250): unknown {
  const { answer, broken } = runCode(module, { source, facts, now: 1_767_225_600_000, timeoutMs });
  expect(broken).toBe(false);
  if (answer.kind === 'failed') return answer;
  return answer.json === undefined ? undefined : JSON.parse(answer.json);
}

const failure = (code: string, detail: string) => ({ kind: 'failed', code, detail });

describe('code', () => {
  test.each([
    ['return { total: event.total * 2 }', { total: 14 }],
    ['return customer.tags.includes("b") && accumulated.hook.body.score > 2', true],
    ['const more = event.total + 1;\nreturn more', 8],
    ['({ id: customer.id })', { id: 'c1' }],
    ['let sum = 0; for (const tag of customer.tags) sum += tag.length; sum', 2],
    ['return [NaN, 1 / 0, undefined]', [null, null, null]],
    ['return', undefined],
    ['// nothing', undefined],
    ['return now', 1_767_225_600_000],
    ['class A { #x = 1; get x() { return this.#x } }\nreturn new A().x', 1],
    ['return [...new Map([[1, 2]])].flat().at(-1)', 2],
    ['return "ünïcode 💜".match(/\\p{L}+/gu)', ['ünïcode']],
    ['return eval("1 + 1")', 2],
  ])('%s', (source, result) => {
    expect(run(source)).toEqual(result);
  });

  test('changes its own copy of the facts and nothing else', () => {
    const before = structuredClone(facts);
    expect(run('event.total = 0; delete customer.id; return event.total')).toBe(0);
    expect(facts).toEqual(before);
    expect(run('return event.total')).toBe(7);
  });
});

describe('the world of code', () => {
  test('has no host object', () => {
    const names = ['process', 'require', 'module', 'fetch', 'console', 'setTimeout', 'Buffer'];
    const more = ['WebAssembly', 'Worker', 'SharedArrayBuffer', 'Deno', 'navigator', 'Intl'];
    const kinds = [...names, ...more].map((name) => `typeof ${name}`).join(', ');
    const seen = run(`return [${kinds}]`) as string[];
    expect(seen.filter((kind) => kind !== 'undefined' && kind !== 'function')).toEqual([]);
    expect(run(`return [${names.map((name) => `typeof ${name}`).join(', ')}]`)).toEqual(
      names.map(() => 'undefined'),
    );
  });

  test('cannot be left through a constructor', () => {
    const source = 'return typeof (() => {}).constructor("return this")().process';
    expect(run(source)).toBe('undefined');
  });

  test('has no clock and no chance', () => {
    expect(run('return [typeof Date, typeof Math.random, typeof performance]')).toEqual([
      'undefined',
      'undefined',
      'undefined',
    ]);
  });

  test('is new for every run, whatever the one before did to it', () => {
    const vandal =
      'globalThis.left = 1; Object.prototype.mine = 1; Array.prototype.map = null; JSON.parse = null;' +
      'Object.defineProperty(Object.prototype, "toJSON", { value: () => "mine" }); return 1';
    run(vandal);
    expect(run('return [typeof left, {}.mine, [1].map((n) => n + 1), { a: 1 }]')).toEqual([
      'undefined',
      null,
      [2],
      { a: 1 },
    ]);
  });
});

describe('code that goes on for ever, or too far, is ended', () => {
  const timedOut = failure('code.timed_out', 'the code takes more steps than its timeout allows');

  test.each([
    'for (;;) {}',
    'while (true) { [1, 2, 3].map((n) => n) }',
    'try { for (;;) {} } catch { return 1 } finally { for (;;) {} }',
    'return /(a+)+$/.test("a".repeat(40) + "b")',
    'return { toJSON() { for (;;) {} } }',
    'return { get a() { for (;;) {} } }',
    'throw { toString() { for (;;) {} } }',
    'throw { get message() { for (;;) {} } }',
    'return new Proxy({}, { ownKeys() { for (;;) {} } })',
    'function* all() { for (;;) yield 1 }\nreturn [...all()].length',
  ])('%s', (source) => {
    const outcome = run(source, 50) as { code: string };
    expect(['code.timed_out', 'code.out_of_memory']).toContain(outcome.code);
  });

  test('after the same number of steps, however fast the machine is', () => {
    expect(run('for (let n = 0; n < 2e6; n++);\nreturn 1', 250)).toBe(1);
    expect(run('for (let n = 0; n < 2e7; n++);\nreturn 1', 250)).toEqual(timedOut);
    expect(run('for (let n = 0; n < 2e7; n++);\nreturn 1', 2_500)).toBe(1);
  });

  test.each([
    ['a list that grows', 'const all = []; for (;;) all.push({ n: 1 })', 'code.out_of_memory'],
    ['a huge text', 'return "x".repeat(2e7).length', 'code.out_of_memory'],
    ['a list of a billion', 'return Array.from({ length: 1e9 })', 'code.out_of_memory'],
    [
      'a function that calls itself',
      'function f() { return f() + 1 }\nreturn f()',
      'code.stack_overflow',
    ],
    ['a text that is too long', 'let s = "x"; for (;;) s += s', 'code.threw'],
    ['a number that is too large', 'return 2n ** 2000000n', 'code.threw'],
  ])('%s', (_, source, code) => {
    expect(run(source, 5_000)).toMatchObject({ kind: 'failed', code });
  });
});

describe('what code throws is told with its line, and is never more than a line', () => {
  test.each([
    ['const a = 1;\nreturn b', "line 2: ReferenceError: 'b' is not defined"],
    ['\n\nthrow new TypeError("no")', 'line 3: TypeError: no'],
    ['throw "text"', 'text'],
    ['throw null', 'null'],
    ['throw { toString() { throw 1 } }', 'something that cannot be shown'],
    ['throw { get message() { throw 1 } }', 'something that cannot be shown'],
    ['throw Object.create(null)', 'something that cannot be shown'],
    ['throw new Error("x".repeat(1e5))', `line 1: Error: ${'x'.repeat(193)}`],
  ])('%s', (source, detail) => {
    expect(run(source)).toEqual(failure('code.threw', detail));
  });
});

describe('a result', () => {
  const promise =
    'the code gives a promise; nothing here waits for one, so return the value itself';

  test.each([
    ['(async () => 1)()', 'code.asynchronous', promise],
    ['return Promise.resolve(1)', 'code.asynchronous', promise],
    ['import("x")', 'code.asynchronous', promise],
    ['return () => 1', 'code.result_not_json', 'the result cannot be JSON: it is a function'],
    ['return Symbol("s")', 'code.result_not_json', 'the result cannot be JSON: it is a symbol'],
    [
      'return { get a() { throw new Error("no") } }',
      'code.result_not_json',
      'the result cannot be JSON: line 1: Error: no',
    ],
    ['return "x".repeat(16383)', 'code.result_too_large', 'the result is larger than 16384 bytes'],
    ['return "ü".repeat(8192)', 'code.result_too_large', 'the result is larger than 16384 bytes'],
  ])('%s is refused', (source, code, detail) => {
    expect(run(source)).toEqual(failure(code, detail));
  });

  test.each(['return 10n', 'const a = {}; a.a = a; return a'])('%s is refused', (source) => {
    expect(run(source)).toMatchObject({ kind: 'failed', code: 'code.result_not_json' });
  });

  test('of 16,384 bytes is just small enough', () => {
    expect(run('return "x".repeat(16382)')).toBe('x'.repeat(16_382));
  });
});

describe('reading', () => {
  test.each([
    ['return 1', undefined],
    ['({})', undefined],
    ['let x = ;', "line 1: unexpected token in expression: ';'"],
    ['const a = 1;\nconst b = 2;\nreturn a +', "line 4: unexpected token in expression: '}'"],
    ['return await 1', "line 1: expecting ';'"],
    ['export default 1', 'line 1: unsupported keyword: export'],
    ['with ({}) {}', 'line 1: invalid keyword: with'],
  ])('%s', (source, problem) => {
    expect(checkCode(module, source)).toEqual({ answer: problem, broken: false });
    if (problem !== undefined) expect(run(source)).toEqual(failure('code.syntax', problem));
  });

  test('runs nothing', () => {
    expect(checkCode(module, 'for (;;) {}').answer).toBeUndefined();
  });
});

describe('when the interpreter itself gives up', () => {
  const broken = {
    newRuntime: () => {
      throw new Error('Aborted()');
    },
  } as unknown as typeof module;

  test('the code has crashed, and the interpreter is not to be used again', () => {
    const job = { source: 'return 1', facts: {}, now: 0, timeoutMs: 250 };
    expect(runCode(broken, job)).toEqual({
      answer: failure('code.crashed', 'the code brought the interpreter down'),
      broken: true,
    });
    expect(checkCode(broken, 'return 1')).toEqual({
      answer: 'cannot be read by the interpreter',
      broken: true,
    });
  });

  test('facts that are larger than its memory are told as such', () => {
    const job = { source: 'return 1', facts: { event: 'x'.repeat(2e7) }, now: 0, timeoutMs: 250 };
    expect(runCode(module, job).answer).toEqual(
      failure('code.out_of_memory', 'the facts alone are too large'),
    );
  });
});
