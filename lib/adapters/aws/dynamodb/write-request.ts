/** One write of a group as a request: the same fields make an item of a transaction, a PutItem or a DeleteItem. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Write } from '../../../ports/table.ts';
import { requestCondition } from './condition-expression.ts';
import { toStoredItem, toStoredKey } from './stored-item.ts';

export function writeRequest(TableName: string, write: Write): TransactWriteItem {
  const condition = write.if === undefined ? {} : requestCondition(write.if);
  if ('put' in write) return { Put: { TableName, Item: toStoredItem(write.put), ...condition } };
  if ('delete' in write) {
    return { Delete: { TableName, Key: toStoredKey(write.delete), ...condition } };
  }
  return {
    ConditionCheck: { TableName, Key: toStoredKey(write.check), ...requestCondition(write.if) },
  };
}
