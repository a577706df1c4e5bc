/**
 * Byte strings: the UTF-8 form of a text, one character (0 to 255) per byte. They compare, join and hash in the order the table
 * promises (bytes), at the speed of ordinary strings; a text of plain ASCII is its own byte string.
 */
export type ByteString = string;

export function toByteString(text: string): ByteString {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

export function fromByteString(bytes: ByteString): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * Joins parts so that the joined strings are ordered by the first part, then the second, and so on. A zero byte ends a part;
 * inside a part it is followed by 0xFF, which UTF-8 never contains.
 */
export function joinParts(...parts: readonly ByteString[]): ByteString {
  return parts.map(escapeZeros).join(partEnd);
}

export function splitParts(joined: ByteString): ByteString[] {
  return joined.split(unescapedZero).map((part) => part.replaceAll(escapedZero, '\0'));
}

/** A byte string without bare zero bytes, in the same order; almost every key is returned as it is. */
export function escapeZeros(bytes: ByteString): ByteString {
  return bytes.includes('\0') ? bytes.replaceAll('\0', escapedZero) : bytes;
}

export const partEnd = '\0';

/** Above everything that begins with a byte of UTF-8, and below the 0xFF that follows an escaped zero. */
export const aboveAll = '\xfe';

const escapedZero = '\0\xff';
const unescapedZero = /\0(?!\xff)/;

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
