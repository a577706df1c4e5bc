/**
 * JSON as DynamoDB keeps it, and back. DynamoDB's own types are used wherever they can hold a value, so that items are readable in
 * the console; what they cannot hold is wrapped in a map with one field whose name begins with `~`.
 *
 * | JSON                                     | stored                               |
 * |------------------------------------------|--------------------------------------|
 * | `"a"`, `1`, `true`, `null`, `[1]`        | `S`, `N`, `BOOL`, `NULL`, `L`        |
 * | `{ "a": 1, "": 2, "~b": 3 }`             | `M` of `a`, `~`, `~~b`               |
 * | `1e300`, beyond DynamoDB's numbers       | `M` of `~number`: `S` `1e+300`       |
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Json } from '../../../json.ts';
import { tableShape } from '../../../table-shape.ts';

export type Attributes = Record<string, AttributeValue>;

export function toStoredValue(value: Json | undefined): AttributeValue {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return toStoredNumber(value);
  if (isList(value)) return { L: value.map(toStoredValue) };
  return { M: toStoredFields(value) };
}

/** Fields that are `undefined` are not stored. */
export function toStoredFields(fields: Readonly<Record<string, Json | undefined>>): Attributes {
  const stored: Attributes = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) stored[toStoredName(name)] = toStoredValue(value);
  }
  return stored;
}

export function fromStoredValue(stored: AttributeValue): Json {
  if (stored.S !== undefined) return stored.S;
  if (stored.N !== undefined) return Number(stored.N);
  if (stored.BOOL !== undefined) return stored.BOOL;
  if (stored.L !== undefined) return stored.L.map(fromStoredValue);
  if (stored.M === undefined) return null;
  const far = stored.M[farNumber]?.S;
  return far === undefined ? fromStoredFields(stored.M) : Number(far);
}

function fromStoredFields(stored: Readonly<Attributes>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [fromStoredName(name), fromStoredValue(value)]),
  );
}

/**
 * DynamoDB has no empty names, the SDK cannot carry `__proto__`, and one name is our own. Nothing else begins with `~`, so that what
 * is wrapped cannot be mistaken for what somebody wrote.
 */
export function toStoredName(name: string): string {
  const needsMark = name === '' || name === '__proto__' || name === tableShape.index.sortKey;
  return needsMark || name.startsWith(mark) ? mark + name : name;
}

export function fromStoredName(name: string): string {
  return name.startsWith(mark) ? name.slice(mark.length) : name;
}

/** Begins the names that are not as they were given. */
export const mark = '~';

const farNumber = `${mark}number`;
/** DynamoDB keeps 1E-130 to 9.9E+125 with 38 digits; JavaScript's numbers need 17, but reach further in both directions. */
const magnitudeMin = 1e-128;
const magnitudeMax = 1e125;

function toStoredNumber(value: number): AttributeValue {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return { N: '0' };
  if (magnitude >= magnitudeMin && magnitude <= magnitudeMax) return { N: String(value) };
  return { M: { [farNumber]: { S: String(value) } } };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
