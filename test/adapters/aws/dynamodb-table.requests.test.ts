/** What is asked of DynamoDB for each call: the price of a call, and what it promises. */
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../../lib/adapters/aws/dynamodb-table.ts';
import type { Condition, Write } from '../../../lib/ports/table.ts';

const key = { pk: 'T#i#1', sk: 'i' };
const storedKey = { pk: { S: 'T#i#1' }, sk: { S: 'i' } };
const dynamodb = mockClient(DynamoDBClient);
const table = dynamodbTable({ tableName: 'kalcifer', newToken: () => 'token-1' });

beforeEach(() => dynamodb.reset().resolves({}));

function write(...writes: readonly Write[]): Promise<unknown> {
  return table.write({ name: 'test.write', writes });
}

function requests(): unknown[] {
  return dynamodb.calls().map(({ args: [command] }) => [command.constructor.name, command.input]);
}

describe('a group of one write is no transaction', () => {
  test('a put without condition', async () => {
    expect(await write({ put: { ...key, n: 1 } })).toEqual({ done: true });
    expect(requests()).toEqual([
      ['PutItemCommand', { TableName: 'kalcifer', Item: { ...storedKey, n: { N: '1' } } }],
    ]);
  });

  test('a delete that tells what it found', async () => {
    await write({ delete: key, if: { equals: { status: 'open', n: 1 } } });
    expect(requests()).toEqual([
      [
        'DeleteItemCommand',
        {
          TableName: 'kalcifer',
          Key: storedKey,
          ConditionExpression: '#f0 = :v0 AND #f1 = :v1',
          ExpressionAttributeNames: { '#f0': 'status', '#f1': 'n' },
          ExpressionAttributeValues: { ':v0': { S: 'open' }, ':v1': { N: '1' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      ],
    ]);
  });

  test('a check alone is a consistent read', async () => {
    dynamodb.on(GetItemCommand).resolves({ Item: { ...storedKey, n: { N: '1' } } });
    expect(await write({ check: key, if: { equals: { n: 1 } } })).toEqual({ done: true });
    expect(await write({ check: key, if: 'absent' })).toEqual({
      done: false,
      refused: [{ at: 0, current: { ...key, n: 1 } }],
    });
    dynamodb.on(GetItemCommand).resolves({});
    expect(await write({ check: key, if: 'present' })).toEqual({
      done: false,
      refused: [{ at: 0 }],
    });
    expect(requests()).toEqual(
      Array<unknown>(3).fill([
        'GetItemCommand',
        { TableName: 'kalcifer', Key: storedKey, ConsistentRead: true },
      ]),
    );
  });
});

test('several writes are one transaction with a token', async () => {
  await write(
    { put: { ...key, n: 1 }, if: 'absent' },
    { delete: { pk: 'b', sk: '1' } },
    { check: { pk: 'c', sk: '1' }, if: 'present' },
  );
  expect(requests()).toEqual([
    [
      'TransactWriteItemsCommand',
      {
        ClientRequestToken: 'token-1',
        TransactItems: [
          {
            Put: {
              TableName: 'kalcifer',
              Item: { ...storedKey, n: { N: '1' } },
              ConditionExpression: 'attribute_not_exists(#pk)',
              ExpressionAttributeNames: { '#pk': 'pk' },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          { Delete: { TableName: 'kalcifer', Key: { pk: { S: 'b' }, sk: { S: '1' } } } },
          {
            ConditionCheck: {
              TableName: 'kalcifer',
              Key: { pk: { S: 'c' }, sk: { S: '1' } },
              ConditionExpression: 'attribute_exists(#pk)',
              ExpressionAttributeNames: { '#pk': 'pk' },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      },
    ],
  ]);
});

describe('a condition in the words of DynamoDB', () => {
  const long = 'x'.repeat(5_000);
  const cases: readonly [Condition, string, object | undefined][] = [
    ['absent', 'attribute_not_exists(#pk)', undefined],
    ['present', 'attribute_exists(#pk)', undefined],
    [{ equals: {} }, 'attribute_exists(#pk)', undefined],
    [{ revision: 7 }, '#revision = :revision', { ':revision': { N: '7' } }],
    [
      { revision: 0 },
      'attribute_exists(#pk) AND (attribute_not_exists(#revision) OR #revision = :revision)',
      { ':revision': { N: '0' } },
    ],
    [{ equals: { live: false } }, '#f0 = :v0', { ':v0': { BOOL: false } }],
    [{ equals: { n: 1e300 } }, '#f0 = :v0', { ':v0': { M: { '~number': { S: '1e+300' } } } }],
    [
      { equals: { long } },
      '(#f0 = :v0 OR #f0.#digest = :d0)',
      { ':v0': { S: long }, ':d0': { B: expect.any(Uint8Array) as unknown } },
    ],
  ];
  for (const [condition, expression, values] of cases) {
    test(JSON.stringify(condition).slice(0, 40), async () => {
      await write({ put: key, if: condition });
      const [call] = dynamodb.commandCalls(PutItemCommand);
      expect(call?.args[0].input.ConditionExpression).toBe(expression);
      expect(call?.args[0].input.ExpressionAttributeValues).toEqual(values);
    });
  }

  test('a field is compared under the name it is stored by', async () => {
    await write({ delete: key, if: { equals: { indexOrder: 'a' } } });
    const [call] = dynamodb.commandCalls(DeleteItemCommand);
    expect(call?.args[0].input.ExpressionAttributeNames).toEqual({ '#f0': '~indexOrder' });
  });
});

describe('a page', () => {
  const item = (sk: string): Record<string, { S: string }> => ({ pk: { S: 'a' }, sk: { S: sk } });

  test('asks for one item more than it takes, to know whether more remain', async () => {
    dynamodb.on(QueryCommand).resolves({ Items: [item('1'), item('2'), item('3')] });
    expect(await table.query({ pk: 'a', limit: 2 })).toEqual({
      items: [
        { pk: 'a', sk: '1' },
        { pk: 'a', sk: '2' },
      ],
      more: true,
    });
    expect(requests()).toEqual([
      [
        'QueryCommand',
        {
          TableName: 'kalcifer',
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':pk': { S: 'a' } },
          ConsistentRead: true,
          ScanIndexForward: true,
          Limit: 3,
          ExclusiveStartKey: undefined,
        },
      ],
    ]);
  });

  test('goes on where DynamoDB stopped after a megabyte, and knows when the end is reached', async () => {
    dynamodb
      .on(QueryCommand)
      .resolvesOnce({ Items: [item('1'), item('2')], LastEvaluatedKey: item('2') })
      // A megabyte of items may be none that are asked for.
      .resolvesOnce({ Items: [], LastEvaluatedKey: item('3') })
      .resolves({ Items: [item('4')] });
    const page = await table.query({ pk: 'a', limit: 3 });
    expect(page).toEqual({
      items: ['1', '2', '4'].map((sk) => ({ pk: 'a', sk })),
      more: false,
    });
    const asked = dynamodb.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
    expect(asked.map(({ Limit }) => Limit)).toEqual([4, 2, 2]);
    expect(asked.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
      undefined,
      item('2'),
      item('3'),
    ]);
  });

  test('stops at its limit though DynamoDB has more', async () => {
    dynamodb
      .on(QueryCommand)
      .resolves({ Items: [item('1'), item('2')], LastEvaluatedKey: item('2') });
    expect(await table.query({ pk: 'a', limit: 1 })).toMatchObject({ more: true });
    expect(dynamodb.commandCalls(QueryCommand)).toHaveLength(1);
  });

  test('between two sort keys leaves out the end, which DynamoDB includes', async () => {
    dynamodb.on(QueryCommand).resolves({ Items: [item('e'), item('d')] });
    const query = { pk: 'a', prefix: 'c', after: 'e', below: 'z', limit: 1, backward: true };
    await table.query({ ...query, prefix: '', after: 'e' });
    dynamodb.on(QueryCommand).resolves({ Items: [item('d'), item('ca'), item('c')] });
    expect(await table.query({ ...query, after: 'cz' })).toMatchObject({ more: true });
    const [first, second] = dynamodb.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(first).toMatchObject({ KeyConditionExpression: '#pk = :pk AND #sk < :to', Limit: 2 });
    expect(second).toMatchObject({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': { S: 'a' }, ':from': { S: 'c' }, ':to': { S: 'cz' } },
      Limit: 3,
      ScanIndexForward: false,
    });
  });

  test('in which nothing can be is not asked for', async () => {
    const empty = { items: [], more: false };
    expect(await table.query({ pk: 'a', after: 'b', below: 'b', limit: 9 })).toEqual(empty);
    expect(requests()).toEqual([]);
  });

  test('of the index goes on after a key, in either direction', async () => {
    const after = { pk: 'a', sk: '1' };
    await table.queryIndex({ index: 'red', after, limit: 9 });
    await table.queryIndex({ index: 'red', after, limit: 9, backward: true });
    const [forward, backward] = dynamodb
      .commandCalls(QueryCommand)
      .map(({ args }) => args[0].input);
    expect(forward).toMatchObject({
      IndexName: 'by-index',
      KeyConditionExpression: '#index = :index AND #order > :after',
      ExpressionAttributeNames: { '#index': 'index', '#order': 'indexOrder' },
      ExpressionAttributeValues: { ':index': { S: 'red' }, ':after': { B: Buffer.from('b\x001') } },
      ScanIndexForward: true,
    });
    expect(forward?.ConsistentRead).toBeUndefined();
    expect(backward).toMatchObject({
      KeyConditionExpression: '#index = :index AND #order < :after',
      ScanIndexForward: false,
    });
  });
});

test('a wrong call asks DynamoDB nothing', async () => {
  const nested = { ...key, inner: { field: Number.NaN } };
  const calls = [
    () => write(),
    () => write({ put: nested }),
    () => write({ put: { ...key, n: 1n as never } }, { delete: { pk: 'b', sk: '1' } }),
    () => table.get({ pk: '', sk: '1' }),
    () => table.query({ pk: 'a', limit: 0 }),
    () => table.queryIndex({ index: '', limit: 1 }),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'table.misuse' });
  expect(requests()).toEqual([]);
});

test('a transaction of a hundred writes is one request', async () => {
  const writes = Array.from({ length: 100 }, (_, n) => ({ put: { pk: 'a', sk: String(n) } }));
  expect(await write(...writes)).toEqual({ done: true });
  const [call] = dynamodb.commandCalls(TransactWriteItemsCommand);
  expect(call?.args[0].input.TransactItems).toHaveLength(100);
});
