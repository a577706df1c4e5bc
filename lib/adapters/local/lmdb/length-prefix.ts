/**
 * Lengths as the local table writes them before keys, values and lists: one byte below 128, two below 16,384, else four.
 */
const twoBytes = 0x80;
const fourBytes = 0xc0;

/** Largest length that can be written: 1 GiB. */
const lengthMax = 0x3fff_ffff;

export function readLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < twoBytes) return first;
  if (first < fourBytes) return ((first & 0x3f) << 8) | (bytes[at + 1] as number);
  return (
    ((first & 0x3f) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** How many bytes the length at this place takes. */
export function lengthSize(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  return first < twoBytes ? 1 : first < fourBytes ? 2 : 4;
}

/** How many bytes this length will take. */
export function sizeOfLength(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : 4;
}

/** Answers the place after what it wrote. */
export function writeLength(bytes: Uint8Array, at: number, length: number): number {
  if (length < 0x80) {
    bytes[at] = length;
    return at + 1;
  }
  if (length < 0x4000) {
    bytes[at] = twoBytes | (length >> 8);
    bytes[at + 1] = length & 0xff;
    return at + 2;
  }
  if (length > lengthMax) throw new RangeError(`a length of ${length} bytes cannot be written`);
  bytes[at] = fourBytes | (length >> 24);
  bytes[at + 1] = (length >> 16) & 0xff;
  bytes[at + 2] = (length >> 8) & 0xff;
  bytes[at + 3] = length & 0xff;
  return at + 4;
}
