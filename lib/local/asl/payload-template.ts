/**
 * Payload templates (`Parameters`, `ResultSelector`): JSON in which a field whose name ends in `.$` is filled from a path or an
 * intrinsic function. Compiled once; the parts without such fields are shared between all visits.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Evaluation, Resolver } from './evaluation.ts';
import { compileIntrinsic } from './intrinsic.ts';
import { looksLikeIntrinsic } from './intrinsic-call.ts';
import { parseJsonPath } from './json-path.ts';
import { resolveField } from './path-resolver.ts';

/** The template must have passed the checks of `check-template.ts`. */
export function compileTemplate(template: Json): Resolver {
  return compileDynamic(template) ?? (() => template);
}

/** A path or an intrinsic function as the value of `field`; `undefined` when it is neither. */
export function compileExpression(text: string, field: string): Resolver | undefined {
  if (looksLikeIntrinsic(text)) return compileIntrinsic(text);
  const path = parseJsonPath(text);
  return path === undefined ? undefined : resolveField(path, field);
}

/** Answers `undefined` for a template in which nothing has to be filled. */
function compileDynamic(template: Json): Resolver | undefined {
  if (Array.isArray(template)) return compileList(template);
  return isJsonObject(template) ? compileObject(template) : undefined;
}

function compileList(items: readonly Json[]): Resolver | undefined {
  const resolvers = items.map((item) => compileDynamic(item));
  if (resolvers.every((resolver) => resolver === undefined)) return undefined;
  return (evaluation) => {
    const filled: Json[] = [];
    for (const [at, item] of items.entries()) {
      const value = resolvers[at] === undefined ? item : resolvers[at](evaluation);
      if (value === undefined) return undefined;
      filled.push(value);
    }
    return filled;
  };
}

interface Field {
  readonly name: string;
  readonly constant: Json;
  readonly resolve: Resolver | undefined;
}

function compileObject(template: Readonly<Record<string, Json | undefined>>): Resolver | undefined {
  const fields = Object.entries(template).map(([name, value]) => compileField(name, value ?? null));
  if (fields.every((field) => field.resolve === undefined)) return undefined;
  return (evaluation) => fillObject(fields, evaluation);
}

function compileField(name: string, value: Json): Field {
  if (name.endsWith('.$') && typeof value === 'string') {
    return { name: name.slice(0, -2), constant: null, resolve: compileExpression(value, name) };
  }
  return { name, constant: value, resolve: compileDynamic(value) };
}

function fillObject(fields: readonly Field[], evaluation: Evaluation): Json | undefined {
  const filled: Record<string, Json> = {};
  for (const { name, constant, resolve } of fields) {
    const value = resolve === undefined ? constant : resolve(evaluation);
    if (value === undefined) return undefined;
    filled[name] = value;
  }
  return filled;
}
