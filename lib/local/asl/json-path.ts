/**
 * A JSONPath as state machines write it, parsed once: `$…` names a place in the state's data, `$$…` one in the context object.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { isDefinite, readSteps } from './json-path-read.ts';
import type { PathStep } from './json-path-steps.ts';
import { parseSteps } from './json-path-steps.ts';

export interface JsonPath {
  readonly text: string;
  readonly root: 'input' | 'context';
  /** True when it can name one place at most; an indefinite path always finds a list. */
  readonly definite: boolean;
  readonly steps: readonly PathStep[];
  /** Answers the value, or `undefined` when there is none. */
  readonly read: (document: Json) => Json | undefined;
}

/** Answers `undefined` when the text is not a JSONPath that Step Functions accepts. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const root = text.startsWith('$$') ? 'context' : 'input';
  const cursor = { text, at: root === 'context' ? 2 : 1 };
  if (!text.startsWith('$')) return undefined;
  const steps = parseSteps(cursor);
  if (steps === undefined || cursor.at !== text.length) return undefined;
  const keys = toKeys(steps);
  const read =
    keys === undefined
      ? (document: Json) => readSteps(steps, document, document)
      : (document: Json) => readKeys(keys, document);
  return { text, root, definite: isDefinite(steps), steps, read };
}

/** The plain names and indexes of a path that has nothing else: what a Reference Path is made of. */
export function toKeys(steps: readonly PathStep[]): readonly (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  for (const step of steps) {
    const key =
      step.kind === 'names' && step.names.length === 1
        ? step.names[0]
        : step.kind === 'indexes' && step.indexes.length === 1
          ? step.indexes[0]
          : undefined;
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys;
}

/** Nearly every path is a chain of names, so that case runs without collecting lists. */
function readKeys(keys: readonly (string | number)[], document: Json): Json | undefined {
  let node: Json | undefined = document;
  for (const key of keys) {
    if (typeof key === 'string') {
      if (!isJsonObject(node) || !Object.hasOwn(node, key)) return undefined;
      node = node[key];
    } else {
      if (!Array.isArray(node)) return undefined;
      node = (node as readonly Json[]).at(key);
    }
  }
  return node;
}

/** Says why a definite path found nothing, in the words that Step Functions takes over from its JSONPath library. */
export function explainMissing(path: JsonPath, document: Json): string {
  const keys = toKeys(path.steps) ?? [];
  let node: Json = document;
  let place = '$';
  for (const [at, key] of keys.entries()) {
    const isLeaf = at === keys.length - 1;
    if (typeof key === 'string' && !isJsonObject(node)) {
      return `Expected to find an object with property ['${key}'] in path ${place} but found ${kindOf(node)}.`;
    }
    if (typeof key === 'number' && !Array.isArray(node)) {
      return `Filter: [${key}] can only be applied to arrays. Current context is: ${JSON.stringify(node)}`;
    }
    const next = readKeys([key], node);
    place += typeof key === 'string' ? `['${key}']` : `[${key}]`;
    if (next === undefined) {
      return isLeaf ? `No results for path: ${place}` : `Missing property in path ${place}`;
    }
    node = next;
  }
  return `No results for path: ${place}`;
}

function kindOf(node: Json): string {
  if (node === null) return 'null';
  return Array.isArray(node) ? "'array'" : `'${typeof node}'`;
}
