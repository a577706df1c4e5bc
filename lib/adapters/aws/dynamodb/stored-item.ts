/** An item as DynamoDB keeps it, and back: also for who reads the table's stream. */
import type { Json } from '../../../json.ts';
import type { Item, Key } from '../../../ports/table.ts';
import { tableShape } from '../../../table-shape.ts';
import { copyItem } from '../../table/copy-item.ts';
import { indexOrder } from './index-order.ts';
import { fromPackedValue, toPackedValue } from './packed-value.ts';
import { fromStoredName, toStoredName, type Attributes } from './stored-value.ts';

export function toStoredItem(item: Item): Attributes {
  const stored: Attributes = {};
  for (const [name, value] of Object.entries(copyItem(item))) {
    stored[toStoredName(name)] = toPackedValue(value as Json);
  }
  if (item.index !== undefined) stored[tableShape.index.sortKey] = { B: indexOrder(item) };
  return stored;
}

export function fromStoredItem(stored: Readonly<Attributes>): Item {
  const fields: [string, Json][] = [];
  for (const [name, value] of Object.entries(stored)) {
    if (name !== tableShape.index.sortKey) {
      fields.push([fromStoredName(name), fromPackedValue(value)]);
    }
  }
  return Object.fromEntries(fields) as Item;
}

export function toStoredKey({ pk, sk }: Key): Attributes {
  return { [tableShape.partitionKey]: { S: pk }, [tableShape.sortKey]: { S: sk } };
}
