/** Any JSON value, as it arrives from outside and as it is kept in the table. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; a field that may be absent is `undefined` and is dropped when written. */
export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Asked before code that recurses looks at what a parser took: parsers have no limit, and that code ends the call by a crash. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

/** Levels of a message in a queue: more than any of ours has. */
export const messageDepthMax = 64;
