/**
 * A group of one write: a conditional PutItem or DeleteItem.
 *
 * When an answer is lost, the SDK sends the request again. The second attempt may then fail its condition because the first one has
 * happened, and nothing tells what it finds from an equal item that somebody else wrote. So a refusal counts only if the request was
 * sent once; otherwise the table says that it does not know, and the caller looks again with its own eyes.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  TransactionConflictException,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { KalciferError } from '../../../kalcifer-error.ts';
import type { WriteAnswer } from '../../../ports/table.ts';
import type { OpenTable } from './open-table.ts';
import { refusal } from './refusal.ts';
import { tryAgain, type InTheWay } from './try-again.ts';

type WriteOfOne = Pick<TransactWriteItem, 'Put' | 'Delete'>;

export async function writeOne(open: OpenTable, write: WriteOfOne): Promise<WriteAnswer> {
  let mayHaveHappened = false;
  return tryAgain(open, open.newToken(), async (): Promise<WriteAnswer | InTheWay> => {
    try {
      await send(open, write);
      return { done: true };
    } catch (error) {
      if (!isAboutItem(error)) throw error;
      mayHaveHappened ||= (error.$metadata.attempts ?? 1) > 1;
      if (error instanceof TransactionConflictException) return { inTheWay: error.name };
      if (mayHaveHappened) throw unsure();
      return { done: false, refused: [refusal(0, error.Item)] };
    }
  });
}

async function send({ client }: OpenTable, { Put, Delete }: WriteOfOne): Promise<void> {
  if (Put !== undefined) await client.send(new PutItemCommand(Put));
  if (Delete !== undefined) await client.send(new DeleteItemCommand(Delete));
}

type AboutItem = ConditionalCheckFailedException | TransactionConflictException;

function isAboutItem(error: unknown): error is AboutItem {
  return (
    error instanceof ConditionalCheckFailedException ||
    error instanceof TransactionConflictException
  );
}

function unsure(): KalciferError {
  return new KalciferError(
    'table.unavailable',
    'The table had to be asked more than once, and cannot tell whether the write happened at first: read the item again.',
  );
}
