/**
 * One run of a tenant's code in QuickJS, an interpreter that lives in the memory of a WebAssembly module and knows no host object.
 * Every run has a runtime of its own, with limits on memory, stack and steps, and nothing of it is left for the next one.
 */
import {
  DefaultIntrinsics,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import { resultBytesMax, type CodeFailure, type CodeJob } from '../../ports/code-runner.ts';

/** What came out: JSON as text, which may be nested too deep for anything but a parser. */
export type SandboxAnswer =
  | { readonly kind: 'returned'; readonly json?: string }
  | { readonly kind: 'failed'; readonly code: CodeFailure; readonly detail: string };

export interface SandboxRun<Answer> {
  readonly answer: Answer;
  /** True when the interpreter itself is damaged: the module must not be used again. */
  readonly broken: boolean;
}

const memoryBytesMax = 16 * 1024 * 1024;
/** Of the interpreter's own stack; the machine's stack under it has to be larger. */
const stackBytesMax = 256 * 1024;
/**
 * QuickJS asks about every ten thousand steps whether to go on. A plain loop takes half a millisecond for two of these on an
 * ordinary machine of 2025; allocation and calls take longer.
 */
const questionsPerMs = 2;

/** No clock: `Date` would read the machine's, and its time zone. */
const intrinsics = { ...DefaultIntrinsics, Date: false };

const file = 'custom_code';

/** What is wrong with the source, as `line 3: ...`; undefined when it can be run. */
export function checkCode(
  module: QuickJSWASMModule,
  source: string,
): SandboxRun<string | undefined> {
  return inSandbox(
    module,
    checkMs,
    (vm) => {
      const program = programOf(vm, source);
      return 'problem' in program ? program.problem : undefined;
    },
    () => 'cannot be read by the interpreter',
  );
}

/** Reading takes no steps, so this only has to be enough for the interpreter's own beginning. */
const checkMs = 250;

export function runCode(module: QuickJSWASMModule, job: CodeJob): SandboxRun<SandboxAnswer> {
  const crashed = failed('code.crashed', 'the code brought the interpreter down');
  return inSandbox(
    module,
    job.timeoutMs,
    (vm, limits) => execute(vm, limits, job),
    () => crashed,
  );
}

interface Limits {
  /** True once the steps are used up: from then on nothing runs any more. */
  usedUp(): boolean;
}

/** @param crashed the answer when the interpreter itself gave up */
function inSandbox<Answer>(
  module: QuickJSWASMModule,
  ms: number,
  work: (vm: QuickJSContext, limits: Limits) => Answer,
  crashed: () => Answer,
): SandboxRun<Answer> {
  let runtime: QuickJSRuntime | undefined;
  try {
    runtime = module.newRuntime();
    runtime.setMemoryLimit(memoryBytesMax);
    runtime.setMaxStackSize(stackBytesMax);
    let questions = ms * questionsPerMs;
    runtime.setInterruptHandler(() => --questions < 0);
    const vm = runtime.newContext({ intrinsics });
    const answer = work(vm, { usedUp: () => questions < 0 });
    vm.dispose();
    runtime.dispose();
    return { answer, broken: false };
  } catch {
    return { answer: crashed(), broken: true };
  }
}

function execute(
  vm: QuickJSContext,
  limits: Limits,
  { source, facts, now }: CodeJob,
): SandboxAnswer {
  const tools = prepare(vm, JSON.stringify(facts), now);
  if (tools === undefined) return failed('code.out_of_memory', 'the facts alone are too large');
  try {
    const program = programOf(vm, source);
    if ('problem' in program) return failed('code.syntax', program.problem);
    const ran = vm.evalCode(program.text, file, { strict: true });
    if (ran.error !== undefined)
      return using(ran.error, (error) => failureOf(vm, tools, limits, error));
    return using(ran.value, (value) => resultOf(vm, tools, limits, value));
  } finally {
    tools.dispose();
  }
}

/** The way into the sandbox: facts become variables, chance is taken away, and what reads results is kept out of reach. */
function prepare(vm: QuickJSContext, facts: string, now: number): QuickJSHandle | undefined {
  const made = vm.evalCode(preludeText, 'prelude');
  if (made.error !== undefined) {
    made.error.dispose();
    return undefined;
  }
  return using(made.value, (prelude) =>
    using(vm.newString(facts), (factsText) =>
      using(vm.newNumber(now), (time) => {
        const tools = vm.callFunction(prelude, vm.undefined, factsText, time);
        if (tools.error === undefined) return tools.value;
        tools.error.dispose();
        return undefined;
      }),
    ),
  );
}

const preludeText = `(function (facts, now) {
  'use strict';
  const parsed = JSON.parse(facts);
  for (const name in parsed) globalThis[name] = parsed[name];
  globalThis.now = now;
  delete Math.random;
  const { stringify } = JSON;
  const { isPrototypeOf } = Object.prototype;
  const { call } = Function.prototype;
  const ofPromise = isPrototypeOf.bind(Promise.prototype);
  const cut = call.bind(String.prototype.slice);
  const text = String;
  return {
    kind: (value) => (ofPromise(value) ? 'promise' : typeof value),
    json: (value) => stringify(value),
    describe: (error) => {
      try {
        const isError = typeof error === 'object' && error !== null && 'message' in error;
        const said = isError ? text(error.name) + ': ' + text(error.message) : text(error);
        return cut(said, 0, 200);
      } catch {
        return 'something that cannot be shown';
      }
    },
    place: (error) => {
      try {
        return cut(text(error.stack), 0, 4000);
      } catch {
        return '';
      }
    },
  };
})`;

/** A script, or else the body of a function. Neither is run here. */
function programOf(
  vm: QuickJSContext,
  source: string,
): { readonly text: string } | { readonly problem: string } {
  if (compileProblem(vm, source) === undefined) return { text: source };
  const body = `(function () {"use strict";${source}\n})()`;
  const problem = compileProblem(vm, body);
  return problem === undefined ? { text: body } : { problem };
}

/** `line 3: unexpected token in expression: ';'` */
function compileProblem(vm: QuickJSContext, text: string): string | undefined {
  const compiled = vm.evalCode(text, file, { strict: true, compileOnly: true });
  if (compiled.error === undefined) {
    compiled.value.dispose();
    return undefined;
  }
  return using(compiled.error, (error) => {
    const message = using(vm.getProp(error, 'message'), (said) => vm.getString(said));
    const line = using(vm.getProp(error, 'lineNumber'), (at) => vm.getNumber(at));
    return `line ${Number.isInteger(line) ? line : 1}: ${message.slice(0, 200)}`;
  });
}

function resultOf(
  vm: QuickJSContext,
  tools: QuickJSHandle,
  limits: Limits,
  value: QuickJSHandle,
): SandboxAnswer {
  const kind = textOf(vm, tools, 'kind', value);
  if (kind === 'promise') {
    return failed(
      'code.asynchronous',
      'the code gives a promise; nothing here waits for one, so return the value itself',
    );
  }
  const json = vm.callMethod(tools, 'json', [value]);
  if (json.error !== undefined) {
    return using(json.error, (error) => {
      const failure = failureOf(vm, tools, limits, error);
      return failure.kind === 'failed' && failure.code === 'code.threw'
        ? failed('code.result_not_json', `the result cannot be JSON: ${failure.detail}`)
        : failure;
    });
  }
  return using(json.value, (text) => parseResult(vm, text, kind));
}

function parseResult(vm: QuickJSContext, json: QuickJSHandle, kind: string): SandboxAnswer {
  if (vm.typeof(json) !== 'string') {
    return kind === 'undefined'
      ? { kind: 'returned' }
      : failed('code.result_not_json', `the result cannot be JSON: it is a ${kind}`);
  }
  const characters = using(vm.getProp(json, 'length'), (length) => vm.getNumber(length));
  const text = characters > resultBytesMax ? undefined : vm.getString(json);
  if (text === undefined || Buffer.byteLength(text) > resultBytesMax) {
    return failed('code.result_too_large', `the result is larger than ${resultBytesMax} bytes`);
  }
  return { kind: 'returned', json: text };
}

function failureOf(
  vm: QuickJSContext,
  tools: QuickJSHandle,
  limits: Limits,
  error: QuickJSHandle,
): SandboxAnswer {
  if (limits.usedUp()) return timedOut;
  const said = textOf(vm, tools, 'describe', error);
  if (said === 'InternalError: out of memory') {
    return failed(
      'code.out_of_memory',
      `the code uses more than ${memoryBytesMax} bytes of memory`,
    );
  }
  if (said === 'InternalError: stack overflow') {
    return failed('code.stack_overflow', 'the code calls itself too deep');
  }
  if (limits.usedUp()) return timedOut;
  const line = new RegExp(`\\b${file}:(\\d+)`).exec(textOf(vm, tools, 'place', error))?.[1];
  return failed('code.threw', line === undefined ? said : `line ${line}: ${said}`);
}

const timedOut = failed('code.timed_out', 'the code takes more steps than its timeout allows');

/** What a tool says of a value; empty when it does not get to say anything. */
function textOf(
  vm: QuickJSContext,
  tools: QuickJSHandle,
  tool: 'kind' | 'describe' | 'place',
  value: QuickJSHandle,
): string {
  const said = vm.callMethod(tools, tool, [value]);
  if (said.error !== undefined) {
    said.error.dispose();
    return '';
  }
  return using(said.value, (text) => vm.getString(text));
}

function failed(code: CodeFailure, detail: string): SandboxAnswer {
  return { kind: 'failed', code, detail };
}

function using<Answer>(handle: QuickJSHandle, work: (handle: QuickJSHandle) => Answer): Answer {
  try {
    return work(handle);
  } finally {
    handle.dispose();
  }
}
