/**
 * Large values are kept compressed: an item may take 400 KB, and each KB is paid for at every write, but the state machine of a large
 * graph is a megabyte of very repetitive text. A value is packed alone, so that the rest of its item stays readable.
 */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Json } from '../../../json.ts';
import { fromStoredValue, mark, toStoredValue } from './stored-value.ts';

/** Hardly smaller is not worth being unreadable. */
const worthwhile = 0.9;
/** Bytes of a value's JSON from which on packing is worth the time: four of the units that writes are counted in. */
const packedFrom = 4_096;

/** Packs the value if that makes it smaller. */
export function toPackedValue(value: Json): AttributeValue {
  const json = packable(value);
  if (json === undefined) return toStoredValue(value);
  const packed = gzipSync(json);
  if (packed.length > json.length * worthwhile) return toStoredValue(value);
  return { M: { [gzipField]: { B: packed }, [digestField]: { B: digestOf(json) } } };
}

export function fromPackedValue(stored: AttributeValue): Json {
  const packed = stored.M?.[gzipField]?.B;
  if (packed === undefined) return fromStoredValue(stored);
  return JSON.parse(gunzipSync(bytesOf(packed)).toString('utf8')) as Json;
}

/** What a packed value can be compared by; undefined when it is too small to be packed. */
export function packedDigest(value: Json): AttributeValue | undefined {
  const json = packable(value);
  return json === undefined ? undefined : { B: digestOf(json) };
}

/** Compression may come out differently in the next version of Node; this does not. */
export const digestField = `${mark}sha256`;

const gzipField = `${mark}gzip`;

function packable(value: Json): Buffer | undefined {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return undefined;
  // A character takes at least one byte and at most three.
  if (typeof value === 'string' && value.length * 3 < packedFrom) return undefined;
  const json = Buffer.from(JSON.stringify(value), 'utf8');
  return json.length < packedFrom ? undefined : json;
}

function digestOf(json: Buffer): Buffer {
  return createHash('sha256').update(json).digest();
}

/** Streams hand bytes to functions as base64. */
function bytesOf(packed: Uint8Array | string): Uint8Array {
  return typeof packed === 'string' ? Buffer.from(packed, 'base64') : packed;
}
