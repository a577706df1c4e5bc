/** Reads one item as it was last written. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item, Key } from '../../../ports/table.ts';
import type { OpenTable } from './open-table.ts';
import { fromStoredItem, toStoredKey } from './stored-item.ts';

export async function getItem(
  { client, tableName }: OpenTable,
  key: Key,
): Promise<Item | undefined> {
  const { Item: stored } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: toStoredKey(key), ConsistentRead: true }),
  );
  return stored === undefined ? undefined : fromStoredItem(stored);
}
