/** Tells JSON from everything else that a program may hand over, without trusting its depth. */
import type { Json } from '../json.ts';

/** True for finite numbers, texts, true, false, null, and lists and plain objects of them down to this depth. */
export function isPlainJson(value: unknown, depthMax: number): value is Json {
  if (value === null || isScalar(value)) return true;
  if (typeof value !== 'object' || depthMax === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainJson(item, depthMax - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.values(value).every((item) => item === undefined || isPlainJson(item, depthMax - 1))
  );
}

export function isScalar(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

/** Deep equality of JSON: the order of keys does not matter, the order of lists does. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item: Json, at) => sameJson(item, b[at] as Json))
    );
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [a as Readonly<Record<string, Json>>, b as Readonly<Record<string, Json>>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}
