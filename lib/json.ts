/** Any JSON value, as it arrives from outside and as it is kept in the table. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; a field that may be absent is `undefined` and is dropped when written. */
export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
