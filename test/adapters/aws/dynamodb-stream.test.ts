import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemOfImage } from '../../../lib/adapters/aws/dynamodb-stream.ts';
import { toStoredItem } from '../../../lib/adapters/aws/dynamodb/stored-item.ts';
import { isKalciferError } from '../../../lib/kalcifer-error.ts';
import type { Item } from '../../../lib/ports/table.ts';

/** As Lambda hands an item over. */
function imageOf(item: Item): never {
  const base64 = (_name: string, value: unknown): unknown => {
    const bytes = value as { type?: string; data?: number[] } | null;
    return bytes?.type === 'Buffer' ? Buffer.from(bytes.data ?? []).toString('base64') : value;
  };
  return JSON.parse(JSON.stringify(toStoredItem(item), base64)) as never;
}

const step: Item = {
  pk: 'T#i#1',
  sk: 's#mail',
  index: 'T#j#welcome',
  revision: 3,
  result: { '': 1e300, text: 'x'.repeat(100_000), list: Array.from({ length: 3_000 }, () => 'a') },
};

describe('an image in the stream', () => {
  it('is the item as it was written, large values and all', () => {
    expect(itemOfImage(imageOf(step))).toEqual(step);
  });

  it('is nothing where nothing was', () => {
    expect(itemOfImage(undefined)).toBeUndefined();
  });

  it('that is no item of ours is refused', () => {
    const key = { pk: { S: 'a' }, sk: { S: '1' } };
    const wrong = [null, 'a', [], {}, { pk: { S: 'a' } }, { ...key, x: null }, { pk: { N: '1' } }];
    const notPacked = { ...key, x: { M: { '~brotli': { B: 'AAAA' } } } };
    for (const image of [...wrong, notPacked]) {
      expect(() => itemOfImage(image as never)).toThrow(
        expect.objectContaining({ code: 'table.image' }),
      );
    }
  });

  it('for any JSON: is an item, or refused by name', () => {
    const attribute = fc.oneof(
      fc.jsonValue(),
      fc.record({ S: fc.jsonValue(), M: fc.jsonValue(), L: fc.jsonValue(), B: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('pk', 'sk', 'x', '~'), attribute), (image) => {
        try {
          expect(typeof itemOfImage(image as never)?.pk).toBe('string');
        } catch (error) {
          expect(isKalciferError(error, 'table.image')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
