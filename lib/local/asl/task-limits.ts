/** `TimeoutSeconds` and `HeartbeatSeconds` of a Task, fixed or taken from the data. */
import type { Json, JsonObject } from '../../json.ts';
import type { Evaluation, Resolver } from './evaluation.ts';
import { failEvaluation } from './evaluation.ts';
import { parseJsonPath } from './json-path.ts';
import { resolvePath } from './path-resolver.ts';

/** Milliseconds, or a resolver for them. */
export type Limit = number | Resolver | undefined;

export function compileLimit(
  state: JsonObject,
  field: 'TimeoutSeconds' | 'HeartbeatSeconds',
): Limit {
  const seconds = state[field];
  if (typeof seconds === 'number') return seconds * 1_000;
  const text = state[`${field}Path`];
  const path = typeof text === 'string' ? parseJsonPath(text) : undefined;
  if (path === undefined) return undefined;
  const read = resolvePath(path);
  return (evaluation) => {
    const value = read(evaluation);
    if (value === undefined) return undefined;
    return toMilliseconds(value, `${field}Path`, path.text, evaluation);
  };
}

/** Answers milliseconds, `undefined` for no limit; the evaluation holds why when it failed. */
export function resolveLimit(limit: Limit, evaluation: Evaluation): number | undefined {
  if (typeof limit !== 'function') return limit;
  const value = limit(evaluation);
  return typeof value === 'number' ? value : undefined;
}

function toMilliseconds(
  value: Json,
  field: string,
  path: string,
  evaluation: Evaluation,
): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value * 1_000;
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  failEvaluation(
    evaluation,
    `The ${field} field refers to value "${written}" which is not a valid positive integer: ${path}`,
  );
  return undefined;
}
