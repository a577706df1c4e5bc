/**
 * Memory for chunks. They are small, many and short-lived; taken from slabs much larger than Node's own, they leave the memory of
 * the process in larger pieces again.
 */
const slabBytes = 64 * 1_024;
/** A larger chunk is not worth the rest of a slab. */
const sharedMax = 8 * 1_024;

let slab = Buffer.allocUnsafeSlow(slabBytes);
let used = 0;

/** The content is arbitrary until it is written. */
export function allocateBytes(count: number): Buffer {
  if (count > sharedMax) return Buffer.allocUnsafeSlow(count);
  if (used + count > slabBytes) {
    slab = Buffer.allocUnsafeSlow(slabBytes);
    used = 0;
  }
  used += count;
  return slab.subarray(used - count, used);
}
