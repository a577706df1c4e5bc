/** The 256 KiB that a state's input, output or result may have on AWS. */
import type { Json, JsonObject } from '../../json.ts';

const dataBytesMax = 262_144;

/** True when the value, written as JSON in UTF-8, is larger than a state may pass on. */
export function exceedsDataLimit(value: Json): boolean {
  // A look at the lengths settles nearly every case without writing the JSON.
  if (upperBound(value, dataBytesMax) <= dataBytesMax) return false;
  return Buffer.byteLength(JSON.stringify(value)) > dataBytesMax;
}

/** Never less than the size in bytes; stops counting beyond `enough`. A character takes six bytes at most (`\\u0000`). */
function upperBound(value: Json | undefined, enough: number): number {
  if (typeof value === 'string') return value.length * 6 + 2;
  if (typeof value !== 'object' || value === null) return 25;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      size += upperBound(item, enough) + 1;
      if (size > enough) return size;
    }
    return size;
  }
  for (const name of Object.keys(value)) {
    size += name.length * 6 + 4 + upperBound((value as JsonObject)[name], enough);
    if (size > enough) return size;
  }
  return size;
}
