/**
 * Reference Paths: paths made of names and indexes only, which can therefore also be written to. `ResultPath` puts a state's
 * result into its input with them.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { parseJsonPath, toKeys } from './json-path.ts';

export interface ReferencePath {
  readonly text: string;
  readonly keys: readonly (string | number)[];
}

/** Answers `undefined` when the text is not a Reference Path into the state's own data. */
export function parseReferencePath(text: string): ReferencePath | undefined {
  const path = parseJsonPath(text);
  if (path?.root !== 'input') return undefined;
  const keys = toKeys(path.steps);
  return keys === undefined ? undefined : { text, keys };
}

/**
 * Answers the document with the value at the path; the document itself is left as it is. Objects that are missing on the way
 * are made; `undefined` when something on the way is neither an object nor an item of a list.
 */
export function putAt(path: ReferencePath, document: Json, value: Json): Json | undefined {
  return putBelow(path.keys, 0, document, value);
}

function putBelow(
  keys: readonly (string | number)[],
  at: number,
  node: Json | undefined,
  value: Json,
): Json | undefined {
  const key = keys[at];
  if (key === undefined) return value;
  if (typeof key === 'number') return putItem(keys, at, key, node, value);
  if (node !== undefined && !isJsonObject(node)) return undefined;
  const child = node !== undefined && Object.hasOwn(node, key) ? node[key] : undefined;
  const replaced = putBelow(keys, at + 1, child, value);
  return replaced === undefined ? undefined : { ...node, [key]: replaced };
}

function putItem(
  keys: readonly (string | number)[],
  at: number,
  index: number,
  node: Json | undefined,
  value: Json,
): Json | undefined {
  if (!Array.isArray(node)) return undefined;
  const items: readonly Json[] = node;
  const place = index < 0 ? items.length + index : index;
  if (place < 0 || place >= items.length) return undefined;
  const replaced = putBelow(keys, at + 1, items[place], value);
  return replaced === undefined ? undefined : items.with(place, replaced);
}
