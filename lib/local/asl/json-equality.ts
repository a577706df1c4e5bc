import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';

/** Deep equality of JSON values: the order of fields does not matter, the order of items does. */
export function jsonEquals(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) return listsEqual(left, right);
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const one = left[name];
    const other = right[name];
    return one !== undefined && other !== undefined && jsonEquals(one, other);
  });
}

function listsEqual(left: Json, right: Json): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return false;
  const others: readonly Json[] = right;
  return (
    left.length === others.length &&
    left.every((item: Json, at) => jsonEquals(item, others[at] ?? null))
  );
}
