/**
 * Large values are kept compressed: an item may take 400 KB, and each KB is paid for at every write, but the state machine of a large
 * graph is a megabyte of very repetitive text. A value is packed alone, so that the rest of its item stays readable.
 */
import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Json } from '../../../json.ts';
import { fromStoredValue, mark, toStoredValue } from './stored-value.ts';

/** Hardly smaller is not worth being unreadable. */
const worthwhile = 0.9;
/** Bytes of a value's JSON from which on packing is worth the time: four of the units that writes are counted in. */
const packedFrom = 4_096;

/**
 * As quick as gzip, but what stands far apart is found again: an event of 100 KB that ended three waits at once is kept three times.
 */
const thoroughness = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Packs the value if that makes it smaller. */
export function toPackedValue(value: Json): AttributeValue {
  const json = packable(value);
  if (json === undefined) return toStoredValue(value);
  const packed = brotliCompressSync(json, thoroughness);
  if (packed.length > json.length * worthwhile) return toStoredValue(value);
  return { M: { [brotliField]: { B: packed }, [digestField]: { B: digestOf(json) } } };
}

export function fromPackedValue(stored: AttributeValue): Json {
  const packed = stored.M?.[brotliField]?.B;
  if (packed === undefined) return fromStoredValue(stored);
  return JSON.parse(brotliDecompressSync(bytesOf(packed)).toString('utf8')) as Json;
}

/** What a packed value can be compared by; undefined when it is too small to be packed. */
export function packedDigest(value: Json): AttributeValue | undefined {
  const json = packable(value);
  return json === undefined ? undefined : { B: digestOf(json) };
}

/** Compression may come out differently in the next version of Node; this does not. */
export const digestField = `${mark}sha256`;

const brotliField = `${mark}brotli`;

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
