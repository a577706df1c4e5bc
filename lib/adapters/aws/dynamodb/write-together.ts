/**
 * A group of several writes: one TransactWriteItems.
 *
 * Its token makes DynamoDB do it once, however often it is sent within ten minutes: an attempt whose answer was lost, whether it was
 * repeated by the SDK or by us, is answered as if it had just been done. So all attempts of one call carry the same token.
 */
import {
  TransactionCanceledException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { WriteAnswer } from '../../../ports/table.ts';
import { judgeCancellation } from './judge-cancellation.ts';
import type { OpenTable } from './open-table.ts';
import { tryAgain, type InTheWay } from './try-again.ts';

export async function writeTogether(
  open: OpenTable,
  writes: TransactWriteItem[],
): Promise<WriteAnswer> {
  const token = open.newToken();
  const command = new TransactWriteItemsCommand({
    TransactItems: writes,
    ClientRequestToken: token,
  });
  return tryAgain(open, token, async (): Promise<WriteAnswer | InTheWay> => {
    try {
      await open.client.send(command);
      return { done: true };
    } catch (error) {
      if (error instanceof TransactionCanceledException) return judgeCancellation(error);
      // An earlier attempt whose answer was given up is still at work.
      if (error instanceof TransactionInProgressException) return { inTheWay: error.name };
      throw error;
    }
  });
}
