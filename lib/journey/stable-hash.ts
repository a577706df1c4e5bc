/**
 * The hash behind A/B splits and gradual rollouts. It may never change: a customer who got variant "a" gets "a" again in every
 * version, on every runtime and in every release.
 */

/** Two unsigned 32-bit halves; JavaScript numbers cannot hold 64 bits exactly, and BigInt is slow. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/**
 * FNV-1a with 64 bits over the UTF-8 bytes of the parts, each part followed by the byte 0xff (which UTF-8 never contains, so
 * parts cannot run into each other), then mixed by the finaliser of MurmurHash3 (fmix64), because FNV alone leaves hashes of
 * similar texts alike.
 *
 * Sources: http://www.isthe.com/chongo/tech/comp/fnv/ and MurmurHash3.cpp by Austin Appleby (public domain).
 */
export function stableHash(parts: readonly string[]): Hash64 {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const take = (byte: number): void => {
    low = (low ^ byte) >>> 0;
    // Times the prime 2^40 + 0x1b3: every product below stays under 2^53 and is exact.
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / 2 ** 32) + ((low << 8) >>> 0)) >>> 0;
    low = product >>> 0;
  };
  for (const part of parts) {
    for (const byte of utf8.encode(part)) take(byte);
    take(0xff);
  }
  return fmix64({ high, low });
}

/** The hash modulo a number of buckets (1 to 2^20), in [0, buckets). */
export function bucketOf({ high, low }: Hash64, buckets: number): number {
  return ((high % buckets) * (2 ** 32 % buckets) + (low % buckets)) % buckets;
}

const utf8 = new TextEncoder();

function fmix64(hash: Hash64): Hash64 {
  const once = multiply(foldHigh(hash), { high: 0xff51afd7, low: 0xed558ccd });
  const twice = multiply(foldHigh(once), { high: 0xc4ceb9fe, low: 0x1a85ec53 });
  return foldHigh(twice);
}

/** `k ^= k >>> 33` */
function foldHigh({ high, low }: Hash64): Hash64 {
  return { high, low: (low ^ (high >>> 1)) >>> 0 };
}

/** The product modulo 2^64. */
function multiply(a: Hash64, b: Hash64): Hash64 {
  const high = highProduct(a.low, b.low) + Math.imul(a.low, b.high) + Math.imul(a.high, b.low);
  return { high: high >>> 0, low: Math.imul(a.low, b.low) >>> 0 };
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers, by halves of 16 bits. */
function highProduct(a: number, b: number): number {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const lower = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(lower / 0x10000);
}
