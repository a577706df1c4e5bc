/**
 * Reads JSON data along the steps of a path. A definite path (names and single indexes only) finds one value or nothing;
 * an indefinite path finds a list, which is empty when nothing matches, as on AWS.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { PathFunction, PathStep } from './json-path-steps.ts';

/** Answers the value, the list of values of an indefinite path, or `undefined` when a definite path finds nothing. */
export function readSteps(steps: readonly PathStep[], start: Json, root: Json): Json | undefined {
  const last = steps.at(-1);
  if (last?.kind === 'function') {
    const operand = readSteps(steps.slice(0, -1), start, root);
    return operand === undefined ? undefined : applyFunction(last.name, operand);
  }
  const found: Json[] = [];
  collect(steps, 0, start, root, found);
  return isDefinite(steps) ? found[0] : found;
}

/** True when the path can name one place at most. */
export function isDefinite(steps: readonly PathStep[]): boolean {
  return steps.every((step, at) => {
    if (step.kind === 'names') return step.names.length === 1 || at === steps.length - 1;
    if (step.kind === 'indexes') return step.indexes.length === 1;
    return step.kind === 'function';
  });
}

function collect(
  steps: readonly PathStep[],
  at: number,
  node: Json,
  root: Json,
  found: Json[],
): void {
  const step = steps[at];
  if (step === undefined) {
    found.push(node);
    return;
  }
  if (step.kind === 'descend') {
    descend(steps, at + 1, node, root, found);
    return;
  }
  for (const child of childrenAlong(step, node, root, at === steps.length - 1)) {
    collect(steps, at + 1, child, root, found);
  }
}

function childrenAlong(step: PathStep, node: Json, root: Json, isLeaf: boolean): readonly Json[] {
  switch (step.kind) {
    case 'names':
      return isJsonObject(node) ? namedChildren(step.names, node, isLeaf) : [];
    case 'indexes':
      return indexedItems(step.indexes, itemsOf(node) ?? []);
    case 'slice':
      return itemsOf(node)?.slice(step.from, step.to) ?? [];
    case 'wildcard':
      return children(node);
    case 'filter':
      return candidates(node).filter((candidate) => step.test(candidate, root));
    case 'descend':
    case 'function':
      return [];
    default:
      return step satisfies never;
  }
}

/** Several names at the end of a path gather into one object, as the JSONPath library of Step Functions does. */
function namedChildren(
  names: readonly string[],
  node: Readonly<Record<string, Json | undefined>>,
  isLeaf: boolean,
): readonly Json[] {
  const present = names.filter((name) => Object.hasOwn(node, name));
  if (names.length > 1 && isLeaf) {
    return [Object.fromEntries(present.map((name) => [name, node[name] ?? null]))];
  }
  return present.map((name) => node[name] ?? null);
}

function indexedItems(indexes: readonly number[], items: readonly Json[]): readonly Json[] {
  return indexes
    .map((index) => (index < 0 ? items.length + index : index))
    .filter((index) => index >= 0 && index < items.length)
    .map((index) => items[index] ?? null);
}

function itemsOf(node: Json): readonly Json[] | undefined {
  return Array.isArray(node) ? (node as readonly Json[]) : undefined;
}

function children(node: Json): readonly Json[] {
  const items = itemsOf(node);
  if (items !== undefined) return items;
  return isJsonObject(node) ? Object.values(node).map((value) => value ?? null) : [];
}

/** A filter looks at the items of a list; on an object it looks at the object itself. */
function candidates(node: Json): readonly Json[] {
  return itemsOf(node) ?? (isJsonObject(node) ? [node] : []);
}

function descend(
  steps: readonly PathStep[],
  at: number,
  node: Json,
  root: Json,
  found: Json[],
): void {
  collect(steps, at, node, root, found);
  for (const child of children(node)) descend(steps, at, child, root, found);
}

function applyFunction(name: PathFunction, operand: Json): Json | undefined {
  if (name === 'keys') return isJsonObject(operand) ? Object.keys(operand) : undefined;
  if (name === 'length' && isJsonObject(operand)) return Object.keys(operand).length;
  if (name === 'length' && typeof operand === 'string') return operand.length;
  if (!Array.isArray(operand)) return undefined;
  const items: readonly Json[] = operand;
  if (name === 'length') return items.length;
  if (name === 'first') return items[0];
  if (name === 'last') return items.at(-1);
  const numbers = items.filter((item): item is number => typeof item === 'number');
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, next) => total + next, 0);
  if (name === 'min') return Math.min(...numbers);
  if (name === 'max') return Math.max(...numbers);
  return name === 'sum' ? sum : sum / numbers.length;
}
