import { describe, expect, it } from 'vitest';
import { itemBytes, readUnits, writeUnits } from '../../load/table-units.ts';

const key = { pk: 'a', sk: '1' };
/** `pk`, `sk`, their values, and the name `n`. */
const rest = 7;

describe('the size of an item', () => {
  const values: readonly [unknown, number][] = [
    ['', 0],
    ['é', 2],
    [true, 1],
    [null, 1],
    [0, 1],
    [7, 2],
    [10, 2],
    [100, 2],
    [123, 3],
    [-7, 3],
    [0.25, 2],
    [1.5, 3],
    [1e21, 2],
    [[], 3],
    [[1, 'ab'], 9],
    [{}, 3],
    [{ ab: 1 }, 8],
  ];
  for (const [value, bytes] of values) {
    it(`counts ${JSON.stringify(value)} as ${bytes} bytes`, () => {
      expect(itemBytes({ ...key, n: value as string }) - rest).toBe(bytes);
    });
  }
});

describe('units', () => {
  const small = { ...key, n: 1 };
  const large = { ...key, text: 'ab'.repeat(1_000) };

  it('are one for each KB written, of the larger of before and after, twice in a transaction', () => {
    expect(writeUnits({ before: undefined, after: small }, false)).toBe(1);
    expect(writeUnits({ before: large, after: small }, false)).toBe(2);
    expect(writeUnits({ before: small, after: large }, true)).toBe(4);
    expect(writeUnits({ before: undefined, after: undefined }, false)).toBe(1);
  });

  it('are counted again for the copy in the index, if it changes', () => {
    const red = { ...key, index: 'red' };
    expect(writeUnits({ before: undefined, after: red }, false)).toBe(2);
    expect(writeUnits({ before: red, after: { ...red } }, false)).toBe(1);
    expect(writeUnits({ before: red, after: { ...red, n: 1 } }, true)).toBe(3);
    expect(writeUnits({ before: red, after: { ...red, index: 'blue' } }, false)).toBe(3);
    expect(writeUnits({ before: red, after: small }, false)).toBe(2);
  });

  it('are one for each 4 KB read', () => {
    expect(readUnits([])).toBe(1);
    expect(readUnits([large, large])).toBe(1);
    expect(readUnits([large, large, large])).toBe(2);
  });
});
