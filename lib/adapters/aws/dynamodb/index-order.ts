/**
 * The place of a key in the index: bytes that are ordered as `pk`, then `sk` are.
 *
 * A sort key may have 1,024 bytes, which is exactly what two parts of 512 take, so nothing is left for escaping. It needs none: UTF-8
 * never uses the byte 0xC0. In `pk`, all bytes below it move up by one, which keeps their order and frees the byte 0 to end
 * `pk`. A `pk` of 512 bytes is ended by its length.
 */
import type { Key } from '../../../ports/table.ts';

export function indexOrder({ pk, sk }: Key): Uint8Array {
  const pkBytes = Buffer.from(pk, 'utf8').map((byte) => (byte < unusedByte ? byte + 1 : byte));
  const end = pkBytes.length < pkBytesMax ? [0] : [];
  return Buffer.concat([pkBytes, Buffer.from(end), Buffer.from(sk, 'utf8')]);
}

const pkBytesMax = 512;
const unusedByte = 0xc0;
