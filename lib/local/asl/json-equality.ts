/** When two JSON values are the same, for filters of paths and for lists. */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';

/** Deep equality of JSON values: the order of fields does not matter, the order of items does. */
export function jsonEquals(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) return listsEqual(left, right);
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  // A field may be called `__proto__`, which every object seems to have.
  return names.every(
    (name) => Object.hasOwn(right, name) && jsonEquals(left[name] ?? null, right[name] ?? null),
  );
}

function listsEqual(left: Json, right: Json): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return false;
  const others: readonly Json[] = right;
  return (
    left.length === others.length &&
    left.every((item: Json, at) => jsonEquals(item, others[at] ?? null))
  );
}
