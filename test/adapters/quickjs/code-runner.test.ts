/** Code in threads: what nothing inside can stop is stopped from outside, and nobody else notices. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { quickjsCodeRunner } from '../../../lib/adapters/quickjs/code-runner.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import type { CodeAnswer } from '../../../lib/ports/code-runner.ts';

const runner = quickjsCodeRunner({ clock: systemClock() });
afterAll(() => runner.close());

function run(source: string, timeoutMs = 250): Promise<CodeAnswer> {
  return runner.run({ source, facts: { event: { total: 7 } }, now: 0, timeoutMs });
}

const seven: CodeAnswer = { kind: 'returned', value: 7 };

describe('code runs', () => {
  test('and gives its result, or nothing, or its failure', async () => {
    expect(await run('return event.total')).toEqual(seven);
    expect(await run('return')).toEqual({ kind: 'returned' });
    expect(await run('return x')).toMatchObject({ kind: 'failed', code: 'code.threw' });
  });

  test('many at a time, each for itself', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        run(`globalThis.x = (globalThis.x ?? 0) + 1; return [x, ${n}]`),
      ),
    );
    expect(answers).toEqual(answers.map((_, n) => ({ kind: 'returned', value: [1, n] })));
  });

  test('only when it can be read', async () => {
    expect(await runner.check('return 1')).toBeUndefined();
    expect(await runner.check('return ]')).toMatch(/^line 1: /);
  });
});

describe('the next run is well after', () => {
  test.each([
    ['a search that takes an hour', '"a".repeat(3e6).indexOf("a".repeat(1.5e6) + "b")'],
    ['a sort that takes a minute', '[].sort.call({ length: 2 ** 31, 0: 1 }, () => 0)'],
    [
      'functions bound a hundred thousand times',
      'let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); f()',
    ],
    ['memory filled in large pieces', 'const all = []; for (;;) all.push(new Array(1000).fill(1))'],
    ['a map that fills the memory', 'const all = new Map(); for (let n = 0; ; n++) all.set(n, n)'],
    [
      'proxies around proxies',
      'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x',
    ],
    ['JSON nested for ever', 'let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return o'],
    ['source nested for ever', 'return eval("(".repeat(1e5))'],
    ['a pattern nested for ever', 'return new RegExp("(".repeat(1e5) + ")".repeat(1e5))'],
    ['a promise that is never fulfilled', 'return new Promise(() => {})'],
  ])('%s', async (_, source) => {
    expect(await run(source, 100)).toMatchObject({
      kind: 'failed',
      code: expect.stringMatching(/^code\./),
    });
    expect(await run('return event.total')).toEqual(seven);
  });

  test('whatever was written', async () => {
    const piece = fc.constantFrom(
      ...[
        'return ',
        'let a = ',
        'for (;;) ',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        'event',
        '.total',
        ';',
        '\n',
        '=> ',
        'a',
        '`${',
        '}`',
      ],
      ...[
        '"a".repeat(1e6)',
        'new Proxy({}, {})',
        'throw ',
        'try ',
        'catch ',
        'finally ',
        'async ',
        'await ',
        'yield ',
        'class A ',
        '/(a*)*b/',
        '...',
        '?.',
        '**',
        '1e9',
        'null',
        'globalThis',
        '["__proto__"]',
        '= ',
        'delete ',
      ],
    );
    const source = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(source, async (text) => {
        const answer = await run(text, 20);
        expect(['returned', 'failed']).toContain(answer.kind);
        expect(await run('return event.total')).toEqual(seven);
      }),
      { numRuns: 100 },
    );
  });
});

test('a closed runner has ended its threads', async () => {
  const closed = quickjsCodeRunner({ clock: systemClock(), threadsMax: 1 });
  const running = closed.run({ source: 'return 1', facts: {}, now: 0, timeoutMs: 250 });
  expect(await running).toEqual({ kind: 'returned', value: 1 });
  const endless = closed.run({
    source: '[].sort.call({ length: 2 ** 31, 0: 1 }, () => 0)',
    facts: {},
    now: 0,
    timeoutMs: 5_000,
  });
  const ended = expect(endless).rejects.toThrow('the thread for custom code has ended');
  await new Promise((resolve) => setImmediate(resolve));
  await closed.close();
  await ended;
});
