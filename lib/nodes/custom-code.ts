/**
 * `custom_code`: a few lines of JavaScript that compute something from the facts, or choose the branch. They run in an interpreter
 * without host objects (semantics 1, 7.11 x); the node only says what to run and reads what came out.
 */
import { z } from 'zod';
import { isPlainJson } from '../journey/plain-json.ts';
import { durationMsField, nameField } from '../journey/schema-field.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { nodeType, type CodeAnswer, type Outcome } from './node-type.ts';
import { unexpectedTrigger } from './unexpected-trigger.ts';

const sourceCharactersMax = 65_536;
const defaultTimeoutMs = 250;
const timeoutMsMax = 5_000;

const config = z.strictObject({
  source: z
    .string()
    .max(sourceCharactersMax)
    .refine((text) => text.trim() !== '', { message: 'is empty' }),
  timeout: durationMsField
    .refine((ms) => ms > 0 && ms <= timeoutMsMax, { message: 'must be more than 0 and at most 5s' })
    .default(defaultTimeoutMs),
  branches: z
    .array(nameField())
    .min(2)
    .max(20)
    .refine((names) => new Set(names).size === names.length, {
      message: 'must be different from each other',
    })
    .exactOptional(),
});

type Config = z.infer<typeof config>;

/** `{ "source": "return { total: event.items.length * 2 }" }`, `{ "source": "return event.total > 50 ? 'big' : 'small'", "branches": ["big", "small"] }` */
export const customCode = nodeType<Config>({
  type: 'custom_code',
  category: 'data',
  set: 'core',
  summary: 'Computes something in JavaScript, or chooses the branch by it.',
  config,
  branches: ({ branches = [] }) => branches,
  needs: () => ['customer', 'accumulated'],
  code: ({ source }) => source,
  run: ({ source, timeout }) => ({ kind: 'run_code', source, timeoutMs: timeout }),
  resume: ({ branches }, _ctx, trigger) =>
    trigger.kind === 'code'
      ? outcomeOf(trigger.answer, branches)
      : unexpectedTrigger('custom_code', trigger),
});

function outcomeOf(answer: CodeAnswer, branches: readonly string[] | undefined): Outcome {
  if (answer.kind === 'failed') return failed(answer.code, answer.detail);
  const { value } = answer;
  if (!isPlainJson(value ?? null, resultDepthMax)) {
    return failed(
      'code.result_too_deep',
      `the result is nested more than ${resultDepthMax} levels deep`,
    );
  }
  return branches === undefined
    ? { kind: 'completed', ...resultOf(value) }
    : branchOf(value, branches);
}

/** Deeper JSON is refused: everything that reads it may recurse. */
const resultDepthMax = 20;

/** A text is the branch; an object names it as `branch`, with a `result` beside it. */
function branchOf(value: Json | undefined, branches: readonly string[]): Outcome {
  const chosen: JsonObject = isJsonObject(value) ? value : { branch: value };
  const { branch, result } = chosen;
  if (typeof branch === 'string' && branches.includes(branch)) {
    return { kind: 'branched', branch, ...resultOf(result) };
  }
  const said = branch === undefined ? 'none' : JSON.stringify(branch).slice(0, 100);
  return failed(
    'code.branch_unknown',
    `the code chose ${said}; it can choose ${branches.map((name) => `"${name}"`).join(', ')}`,
  );
}

/** What other nodes read under `accumulated.<node>`; a value that is not an object stands there as `value`. */
function resultOf(value: Json | undefined): { readonly result?: JsonObject } {
  if (value === undefined || value === null) return {};
  return { result: isJsonObject(value) ? value : { value } };
}

function failed(code: string, detail: string): Outcome {
  return { kind: 'failed', code, detail, retryable: false };
}
