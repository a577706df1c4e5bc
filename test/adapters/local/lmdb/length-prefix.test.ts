import { expect, test } from 'vitest';
import {
  lengthSize,
  readLength,
  sizeOfLength,
  writeLength,
} from '../../../../lib/adapters/local/lmdb/length-prefix.ts';

test.each([
  [0, [0]],
  [127, [0x7f]],
  [128, [0x80, 0x80]],
  [16_383, [0xbf, 0xff]],
  [16_384, [0xc0, 0x00, 0x40, 0x00]],
  [1_073_741_823, [0xff, 0xff, 0xff, 0xff]],
])('the length %i is written as %j', (length, bytes) => {
  const target = Buffer.alloc(8, 0x55);
  expect(writeLength(target, 2, length)).toBe(2 + bytes.length);
  expect([...target.subarray(2, 2 + bytes.length)]).toEqual(bytes);
  expect(readLength(target, 2)).toBe(length);
  expect(lengthSize(target, 2)).toBe(bytes.length);
  expect(sizeOfLength(length)).toBe(bytes.length);
});

test('a length of 1 GiB is refused', () => {
  expect(() => writeLength(Buffer.alloc(8), 0, 2 ** 30)).toThrow(RangeError);
});
