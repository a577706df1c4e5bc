/**
 * How data flows through a state: `InputPath`, `Parameters`, then the state's work, `ResultSelector`, `ResultPath`,
 * `OutputPath`; and the 256 KiB that may come out.
 */
import type { Json, JsonObject } from '../../json.ts';
import { exceedsDataLimit } from './data-limit.ts';
import type { Evaluation, Resolver } from './evaluation.ts';
import type { Failure } from './failure.ts';
import { parseJsonPath } from './json-path.ts';
import { resolvePath } from './path-resolver.ts';
import { compileTemplate } from './payload-template.ts';
import type { ReferencePath } from './reference-path.ts';
import { parseReferencePath, putAt } from './reference-path.ts';
import type { AttemptFacts, Turn, Visit } from './turn.ts';
import { evaluationOf, failureOf } from './turn.ts';

export interface DataFlow {
  /** `undefined` passes everything on. */
  readonly selectInput: Resolver | undefined;
  readonly parameters: Resolver | undefined;
  readonly selectResult: Resolver | undefined;
  /** `undefined`: the result replaces the input. `null`: the result is dropped. */
  readonly resultPath: ReferencePath | null | undefined;
  readonly selectOutput: Resolver | undefined;
}

export type Flowed =
  { readonly value: Json; readonly failure?: never } | { readonly failure: Failure };

export function compileDataFlow(state: JsonObject): DataFlow {
  return {
    selectInput: compileSelector(state['InputPath']),
    parameters:
      state['Parameters'] === undefined ? undefined : compileTemplate(state['Parameters']),
    selectResult:
      state['ResultSelector'] === undefined ? undefined : compileTemplate(state['ResultSelector']),
    resultPath: compileResultPath(state['ResultPath']),
    selectOutput: compileSelector(state['OutputPath']),
  };
}

/** A `null` path selects nothing, which is an empty object. */
function compileSelector(path: Json | undefined): Resolver | undefined {
  if (path === null) return () => ({});
  const parsed = typeof path === 'string' && path !== '$' ? parseJsonPath(path) : undefined;
  return parsed === undefined ? undefined : resolvePath(parsed);
}

export function compileResultPath(path: Json | undefined): ReferencePath | null | undefined {
  if (path === null) return null;
  return typeof path === 'string' && path !== '$' ? parseReferencePath(path) : undefined;
}

/** Applies `InputPath` to the raw input. */
export function selectInput(
  flow: DataFlow,
  turn: Turn,
  visit: Visit,
  attempt?: AttemptFacts,
): Flowed {
  if (flow.selectInput === undefined) return { value: visit.input };
  return resolve(flow.selectInput, visit, evaluationOf(turn, visit, visit.input, attempt));
}

/** Applies `Parameters` to the selected input. */
export function fillParameters(
  flow: DataFlow,
  turn: Turn,
  visit: Visit,
  input: Json,
  attempt?: AttemptFacts,
): Flowed {
  if (flow.parameters === undefined) return { value: input };
  return resolve(flow.parameters, visit, evaluationOf(turn, visit, input, attempt));
}

/** Applies `ResultSelector`, `ResultPath` and `OutputPath` to what the state made. */
export function flowOut(
  flow: DataFlow,
  turn: Turn,
  visit: Visit,
  result: Json,
  attempt?: AttemptFacts,
): Flowed {
  let selected: Json = result;
  if (flow.selectResult !== undefined) {
    const flowed = resolve(flow.selectResult, visit, evaluationOf(turn, visit, result, attempt));
    if (flowed.failure !== undefined) return flowed;
    selected = flowed.value;
  }
  const merged = mergeResult(flow.resultPath, visit.input, selected);
  return merged.failure === undefined
    ? selectOutput(flow, turn, visit, merged.value, attempt)
    : merged;
}

/** Applies `OutputPath`, and refuses what is too large to be passed on. */
export function selectOutput(
  flow: DataFlow,
  turn: Turn,
  visit: Visit,
  output: Json,
  attempt?: AttemptFacts,
): Flowed {
  const flowed =
    flow.selectOutput === undefined
      ? { value: output }
      : resolve(flow.selectOutput, visit, evaluationOf(turn, visit, output, attempt));
  // The state's own input has been measured already, when it was the output of the state before.
  if (flowed.failure !== undefined || flowed.value === visit.input) return flowed;
  if (!exceedsDataLimit(flowed.value)) return flowed;
  return { failure: tooLarge(visit.state) };
}

/** AWS calls a plain function task by its ARN, a service task by its service, and any other state by its name. */
export function tooLarge(label: string): Failure {
  return {
    error: 'States.DataLimitExceeded',
    cause: `The state/task '${label}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  };
}

function mergeResult(path: ReferencePath | null | undefined, input: Json, result: Json): Flowed {
  if (path === undefined) return { value: result };
  if (path === null) return { value: input };
  const merged = putAt(path, input, result);
  return merged === undefined ? { failure: pathConflict(path, input) } : { value: merged };
}

/** AWS reports this under a name that its documentation does not list; catchers may ask for the documented one. */
export function pathConflict(path: ReferencePath, input: Json): Failure {
  return {
    error: 'States.ReferencePathConflict',
    alias: 'States.ResultPathMatchFailure',
    cause: `Unable to apply ReferencePath ${path.text} to input ${JSON.stringify(input)}`,
  };
}

function resolve(resolver: Resolver, visit: Visit, evaluation: Evaluation): Flowed {
  const value = resolver(evaluation);
  return value === undefined ? { failure: failureOf(visit, evaluation) } : { value };
}
