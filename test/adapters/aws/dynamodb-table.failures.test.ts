/** What DynamoDB answers on bad days, and what the table makes of it. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  ItemCollectionSizeLimitExceededException,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
  type CancellationReason,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../../lib/adapters/aws/dynamodb-table.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import type { Write, WriteAnswer } from '../../../lib/ports/table.ts';

const key = { pk: 'T#i#1', sk: 'i' };
const stored = { pk: { S: 'T#i#1' }, sk: { S: 'i' }, n: { N: '1' } };
const dynamodb = mockClient(DynamoDBClient);

let pauses: number[];
let tokens: number;

const table = dynamodbTable({
  tableName: 'kalcifer',
  newToken: () => `token-${(tokens += 1)}`,
  pause: (ms) => {
    pauses.push(ms);
    return Promise.resolve();
  },
});

beforeEach(() => {
  dynamodb.reset();
  pauses = [];
  tokens = 0;
});

const one: Write[] = [{ put: { ...key, n: 2 }, if: 'absent' }];
const two: Write[] = [...one, { put: { pk: 'b', sk: '1' }, if: 'absent' }];

function write(writes: readonly Write[]): Promise<WriteAnswer> {
  return table.write({ name: 'test.write', writes });
}

async function failure(call: Promise<unknown>): Promise<KalciferError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KalciferError);
  return error as KalciferError;
}

function cancelled(...codes: readonly string[]): TransactionCanceledException {
  return cancelledFor(
    codes.map((Code) => (Code === 'ConditionalCheckFailed' ? { Code, Item: stored } : { Code })),
  );
}

function cancelledFor(reasons: CancellationReason[] | undefined): TransactionCanceledException {
  return new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: { attempts: 1 },
    ...(reasons === undefined ? {} : { CancellationReasons: reasons }),
  });
}

describe('one write', () => {
  function refusedAfter(attempts: number): ConditionalCheckFailedException {
    return new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: { attempts },
      Item: stored,
    });
  }

  test('that is refused tells the stored item', async () => {
    dynamodb.on(PutItemCommand).rejects(refusedAfter(1));
    expect(await write(one)).toEqual({
      done: false,
      refused: [{ at: 0, current: { ...key, n: 1 } }],
    });
  });

  test('whose request was repeated cannot be refused: the first attempt may have happened', async () => {
    dynamodb.on(PutItemCommand).rejects(refusedAfter(2));
    expect(await failure(write(one))).toMatchObject({ code: 'table.unavailable' });
    expect(pauses).toEqual([]);
  });

  test('that meets a transaction comes again, each time later', async () => {
    const conflict = new TransactionConflictException({
      message: 'Transaction is ongoing for the item',
      $metadata: { attempts: 1 },
    });
    dynamodb.on(PutItemCommand).rejectsOnce(conflict).rejectsOnce(conflict).resolves({});
    expect(await write(one)).toEqual({ done: true });
    const [first = 0, second = 0] = pauses;
    expect(pauses).toHaveLength(2);
    expect(first).toBeGreaterThanOrEqual(10);
    expect(second).toBeGreaterThanOrEqual(20);
    expect(second).toBeLessThanOrEqual(40);
  });

  test('that met a transaction is still refused only if nothing can have happened', async () => {
    const conflict = (attempts: number): TransactionConflictException =>
      new TransactionConflictException({ message: 'ongoing', $metadata: { attempts } });
    dynamodb.on(PutItemCommand).rejectsOnce(conflict(1)).rejects(refusedAfter(1));
    expect(await write(one)).toMatchObject({ done: false });
    dynamodb.reset();
    dynamodb.on(PutItemCommand).rejectsOnce(conflict(2)).rejects(refusedAfter(1));
    expect(await failure(write(one))).toMatchObject({ code: 'table.unavailable' });
  });
});

describe('a cancelled transaction', () => {
  test('is a refusal that tells every failed condition', async () => {
    dynamodb
      .on(TransactWriteItemsCommand)
      .rejects(
        cancelledFor([
          { Code: 'None' },
          { Code: 'ConditionalCheckFailed', Item: stored },
          { Code: 'ConditionalCheckFailed' },
        ]),
      );
    expect(await write(two)).toEqual({
      done: false,
      refused: [{ at: 1, current: { ...key, n: 1 } }, { at: 2 }],
    });
    expect(pauses).toEqual([]);
  });

  const unjudged = [
    'TransactionConflict',
    'ThrottlingError',
    'ProvisionedThroughputExceeded',
    'SomethingNew',
  ];
  for (const code of unjudged) {
    test(`for ${code} is tried again with the same token`, async () => {
      dynamodb
        .on(TransactWriteItemsCommand)
        .rejectsOnce(cancelled('None', code))
        .rejectsOnce(cancelled(code, code))
        .resolves({});
      expect(await write(two)).toEqual({ done: true });
      expect(sentTokens()).toEqual(['token-1', 'token-1', 'token-1']);
      expect(pauses).toHaveLength(2);
    });

    test(`for ${code} beside a failed condition is no refusal: that write may hide another one`, async () => {
      dynamodb
        .on(TransactWriteItemsCommand)
        .rejectsOnce(cancelled('ConditionalCheckFailed', code))
        .rejects(cancelled('ConditionalCheckFailed', 'ConditionalCheckFailed'));
      const current = { ...key, n: 1 };
      expect(await write(two)).toEqual({
        done: false,
        refused: [
          { at: 0, current },
          { at: 1, current },
        ],
      });
    });
  }

  test('is given up after ten attempts, and nothing is known', async () => {
    dynamodb.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'None'));
    expect(await failure(write(two))).toMatchObject({
      code: 'table.unavailable',
      message:
        'The table could not write: something was in the way 10 times, at last TransactionConflict.',
    });
    expect(sentTokens()).toEqual(Array<string>(10).fill('token-1'));
    expect(pauses).toHaveLength(9);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(640);
  });

  test('without reasons tells nothing', async () => {
    dynamodb
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelledFor(undefined))
      .rejectsOnce(cancelled('None', 'None'))
      .rejectsOnce(cancelledFor([{}, {}]))
      .resolves({});
    expect(await write(two)).toEqual({ done: true });
  });

  for (const code of ['ValidationError', 'ItemCollectionSizeLimitExceeded']) {
    test(`for ${code} is a wrong call, whatever else was in the way`, async () => {
      const reasons = [
        { Code: 'TransactionConflict' },
        { Code: code, Message: 'Item size has exceeded the maximum allowed size' },
      ];
      dynamodb.on(TransactWriteItemsCommand).rejects(cancelledFor(reasons));
      expect(await failure(write(two))).toMatchObject({
        code: 'table.misuse',
        message: `DynamoDB refuses the group: ${code}: Item size has exceeded the maximum allowed size`,
      });
      expect(pauses).toEqual([]);
    });
  }

  test('that is still at work is asked for again', async () => {
    const atWork = new TransactionInProgressException({ message: '', $metadata: {} });
    dynamodb.on(TransactWriteItemsCommand).rejectsOnce(atWork).resolves({});
    expect(await write(two)).toEqual({ done: true });
    expect(sentTokens()).toEqual(['token-1', 'token-1']);
  });

  test('of two callers that got in each other’s way: they do not come back at the same moment', async () => {
    dynamodb
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled('TransactionConflict'))
      .rejectsOnce(cancelled('TransactionConflict'))
      .resolves({});
    await Promise.all([write(two), write(two)]);
    expect(new Set(pauses).size).toBe(2);
  });
});

describe('a failed call', () => {
  const named = (name: string, message: string): DynamoDBServiceException =>
    new DynamoDBServiceException({ name, message, $fault: 'client', $metadata: {} });
  const throttled = new ProvisionedThroughputExceededException({ message: 'slow', $metadata: {} });
  const broken = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });

  const mayBeRepeated: readonly [string, Error][] = [
    ['throttled', throttled],
    ['ThrottlingException', named('ThrottlingException', 'Rate exceeded')],
    ['RequestLimitExceeded', named('RequestLimitExceeded', 'slow')],
    ['InternalServerError', named('InternalServerError', 'sorry')],
    ['a broken connection', broken],
    ['no permission', named('AccessDeniedException', 'not you')],
    ['no such table', named('ResourceNotFoundException', 'no table')],
  ];
  for (const [name, error] of mayBeRepeated) {
    test(`${name}: nothing is known to be written, trying again is right`, async () => {
      dynamodb.rejects(error);
      const calls = [
        table.get(key),
        table.query({ pk: 'a', limit: 1 }),
        table.queryIndex({ index: 'a', limit: 1 }),
        write(one),
        write(two),
        write([{ check: key, if: 'present' }]),
      ];
      for (const call of calls) {
        const told = await failure(call);
        expect(told).toMatchObject({ code: 'table.unavailable', cause: error });
        expect(told.message).toContain(error.name);
      }
    });
  }

  test('a page that breaks off in the middle is no page', async () => {
    dynamodb
      .on(QueryCommand)
      .resolvesOnce({ Items: [stored], LastEvaluatedKey: stored })
      .rejects(throttled);
    expect(await failure(table.query({ pk: 'a', limit: 9 }))).toMatchObject({
      code: 'table.unavailable',
    });
  });

  test('too large an item is a wrong call that says so', async () => {
    const tooLarge = named(
      'ValidationException',
      'Item size has exceeded the maximum allowed size',
    );
    dynamodb.on(PutItemCommand).rejects(tooLarge);
    dynamodb
      .on(TransactWriteItemsCommand)
      .rejects(new ItemCollectionSizeLimitExceededException({ message: 'full', $metadata: {} }));
    expect(await failure(write(one))).toMatchObject({
      code: 'table.misuse',
      message:
        'DynamoDB refuses test.write: ValidationException: Item size has exceeded the maximum allowed size',
    });
    expect(await failure(write(two))).toMatchObject({ code: 'table.misuse' });
  });

  test('what DynamoDB quotes of an item is not passed on', async () => {
    dynamodb
      .on(GetItemCommand)
      .rejects(
        named('ValidationException', "Value 'maria@example.com' failed to satisfy constraint"),
      );
    expect((await failure(table.get(key))).message).toBe(
      'DynamoDB refuses get: ValidationException',
    );
  });
});

function sentTokens(): unknown[] {
  return dynamodb
    .commandCalls(TransactWriteItemsCommand)
    .map(({ args: [command] }) => command.input.ClientRequestToken);
}
