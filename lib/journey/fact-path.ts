/**
 * Reads one fact by its dotted path. Only what the data itself carries can be read: never a property that JavaScript adds to
 * every object, list or text.
 */
import { isJsonObject, type Json } from '../json.ts';

/**
 * The value at the path, or undefined when any part of it is missing. A list is entered by position (`items.0.sku`). A value of
 * null counts as missing, as an attribute that was never set.
 */
export function readPath(facts: object, path: string): Json | undefined {
  let value: unknown = facts;
  for (const segment of path.split('.')) {
    if (Array.isArray(value)) {
      value = positionPattern.test(segment) ? (value as unknown[])[Number(segment)] : undefined;
    } else if (isJsonObject(value) && Object.hasOwn(value, segment)) {
      value = value[segment];
    } else {
      return undefined;
    }
  }
  return value === null ? undefined : (value as Json | undefined);
}

const positionPattern = /^(0|[1-9]\d{0,8})$/;
