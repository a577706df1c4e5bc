/**
 * Reads texts from stored bytes. The short ones (ids, statuses, node names) come again and again, so the latest are kept by their
 * bytes: finding one is cheaper than making it anew.
 */
export type TextReader = (bytes: Buffer, start: number, length: number) => string;

/** Longer texts are hardly ever met twice. */
const keptLengthMax = 24;
/** A power of two. */
const slots = 4_096;

export function createTextReader(): TextReader {
  const kept: (string | undefined)[] = Array.from<undefined>({ length: slots });
  return (bytes, start, length) => {
    if (length === 0) return '';
    if (length > keptLengthMax) return readText(bytes, start, length);
    let hash = length;
    for (let i = 0; i < length; i += 1) {
      hash = (Math.imul(hash, 31) + (bytes[start + i] as number)) | 0;
    }
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const candidate = kept[slot];
    if (candidate !== undefined && isSame(candidate, bytes, start, length)) return candidate;
    const text = readText(bytes, start, length);
    kept[slot] = text;
    return text;
  };
}

function readText(bytes: Buffer, start: number, length: number): string {
  return bytes.toString('utf8', start, start + length);
}

/** Texts beyond ASCII never match: their characters are not their bytes. */
function isSame(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code !== bytes[start + i] || code > 0x7f) return false;
  }
  return true;
}
