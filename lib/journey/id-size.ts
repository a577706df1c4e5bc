/** How long an id may be: three of them have to fit into one key of the table, which takes 512 bytes. */

export const idBytesMax = 128;

/** Bytes that an id takes in a key: those of UTF-8, and three for each character that keys are divided by. */
export function idBytes(id: string): number {
  const divided = id.length - id.replaceAll(/[#%]/g, '').length;
  return encoder.encode(id).length + 2 * divided;
}

const encoder = new TextEncoder();
