/** Reads a path from the input or the context object, with the wording that AWS uses in each place where a path can fail. */
import type { Json } from '../../json.ts';
import type { Evaluation, Resolver } from './evaluation.ts';
import { failEvaluation } from './evaluation.ts';
import type { JsonPath } from './json-path.ts';
import { explainMissing } from './json-path.ts';

/** For payload templates, `ErrorPath` and `CausePath`: the cause names the field, the path and the whole input. */
export function resolveField(path: JsonPath, field: string): Resolver {
  return (evaluation) =>
    readPath(path, evaluation, (document) => {
      return `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(document)}'`;
    });
}

/** For `InputPath`, `OutputPath`, `TimeoutSecondsPath` and `HeartbeatSecondsPath`. */
export function resolvePath(path: JsonPath): Resolver {
  return (evaluation) =>
    readPath(path, evaluation, (document) => {
      return `Invalid path '${path.text}' : ${explainMissing(path, document)}`;
    });
}

export function readPath(
  path: JsonPath,
  evaluation: Evaluation,
  explain: (document: Json) => string,
): Json | undefined {
  const document = documentOf(path, evaluation);
  const value = path.read(document);
  if (value !== undefined) return value;
  const isNull = document === null && path.steps.length > 0;
  failEvaluation(evaluation, isNull ? nullInput : explain(document));
  return undefined;
}

/** What a path reads from. */
export function documentOf(path: JsonPath, evaluation: Evaluation): Json {
  if (path.root === 'input') return evaluation.input;
  const [first] = path.steps;
  const section = first?.kind === 'names' && first.names.length === 1 ? first.names[0] : undefined;
  return evaluation.context(section);
}

const nullInput = 'Unable to apply Path transformation to null or empty input.';
