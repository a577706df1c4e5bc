import { expect, test } from 'vitest';
import { tableShape } from '../lib/table-shape.ts';

test('the shape is the one that deployed tables have', () => {
  expect(tableShape).toEqual({
    partitionKey: 'pk',
    sortKey: 'sk',
    index: { name: 'by-index', partitionKey: 'index', sortKey: 'indexOrder' },
    expiry: 'expiresAt',
    keyTypes: { pk: 'S', sk: 'S', index: 'S', indexOrder: 'B' },
  });
});

test('every key has a type', () => {
  const { partitionKey, sortKey, index, keyTypes } = tableShape;
  const keys = [partitionKey, sortKey, index.partitionKey, index.sortKey];
  expect(Object.keys(keyTypes).sort()).toEqual(keys.toSorted());
});
