/** Intrinsic functions on lists. */
import type { Json } from '../../json.ts';
import type { IntrinsicFunction, IntrinsicResult } from './intrinsic-function.ts';
import { jsonEquals } from './json-equality.ts';

/** AWS makes no longer range than this. */
const rangeLengthMax = 1_000;

export const listFunctions = {
  Array: { arity: [0, Infinity], run: (args) => ({ value: args }) },
  ArrayPartition: { arity: [2, 2], run: ([list, size]) => partition(list, size) },
  ArrayContains: {
    arity: [2, 2],
    run: ([list, sought]) =>
      withList(list, (items) => ({
        value: items.some((item) => jsonEquals(item, sought ?? null)),
      })),
  },
  ArrayRange: { arity: [3, 3], run: ([first, last, step]) => range(first, last, step) },
  ArrayGetItem: { arity: [2, 2], run: ([list, index]) => getItem(list, index) },
  ArrayLength: {
    arity: [1, 1],
    run: ([list]) => withList(list, (items) => ({ value: items.length })),
  },
  ArrayUnique: { arity: [1, 1], run: ([list]) => withList(list, unique) },
} satisfies Record<string, IntrinsicFunction>;

function withList(
  value: Json | undefined,
  run: (items: readonly Json[]) => IntrinsicResult,
): IntrinsicResult {
  return Array.isArray(value) ? run(value) : { fault: 'The first argument must be an array.' };
}

function partition(list: Json | undefined, size: Json | undefined): IntrinsicResult {
  return withList(list, (items) => {
    const length = typeof size === 'number' ? Math.round(size) : 0;
    if (length <= 0) return { fault: 'The chunk size must be a positive number.' };
    const chunks: Json[] = [];
    for (let at = 0; at < items.length; at += length) chunks.push(items.slice(at, at + length));
    return { value: chunks };
  });
}

function range(
  first: Json | undefined,
  last: Json | undefined,
  step: Json | undefined,
): IntrinsicResult {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number') {
    return { fault: 'All arguments must be numbers.' };
  }
  const from = Math.round(first);
  const to = Math.round(last);
  const by = Math.round(step);
  if (by === 0) return { fault: 'The step must not be zero.' };
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  if (length > rangeLengthMax) {
    return { fault: `The range must not contain more than ${rangeLengthMax} items.` };
  }
  return { value: Array.from({ length }, (_, at) => from + at * by) };
}

function getItem(list: Json | undefined, index: Json | undefined): IntrinsicResult {
  return withList(list, (items) => {
    const item = typeof index === 'number' && index >= 0 ? items[index] : undefined;
    return item === undefined
      ? { fault: `The index ${JSON.stringify(index)} is outside of the array.` }
      : { value: item };
  });
}

function unique(items: readonly Json[]): IntrinsicResult {
  const kept: Json[] = [];
  for (const item of items) {
    if (!kept.some((known) => jsonEquals(known, item))) kept.push(item);
  }
  return { value: kept };
}
