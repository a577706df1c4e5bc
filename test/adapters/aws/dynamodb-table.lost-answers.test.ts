/**
 * Answers that are lost on their way, seen through the real SDK: it repeats requests by itself, so the table must know what that
 * means. The server below is a table of one item that does what it is asked, and answers as a script says.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamodbTable } from '../../../lib/adapters/aws/dynamodb-table.ts';
import type { Table, Write } from '../../../lib/ports/table.ts';

/** What happens to one request. */
type Fate = 'answered' | 'answer lost' | 'request lost' | 'throttled';

interface Request {
  readonly Item?: object;
  readonly ClientRequestToken?: string;
  readonly ConditionExpression?: string;
  readonly TransactItems?: readonly { readonly Put: Request }[];
}

interface Sent {
  readonly operation: string;
  readonly token: string | undefined;
}

function openTable(...fates: readonly Fate[]): {
  table: Table;
  sent: Sent[];
  stored: () => unknown;
} {
  const sent: Sent[] = [];
  const done = new Set<string>();
  let stored: object | undefined;

  function judge(request: Request): object {
    const [put = request] = (request.TransactItems ?? []).map(({ Put }) => Put);
    const token = request.ClientRequestToken;
    if (token !== undefined && done.has(token)) return {};
    if (put.ConditionExpression !== undefined && stored !== undefined) {
      return { __type: 'ConditionalCheckFailedException', message: 'no', Item: stored };
    }
    stored = put.Item;
    if (token !== undefined) done.add(token);
    return {};
  }

  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://dynamodb.test',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 3,
    requestHandler: {
      handle: ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
        const request = JSON.parse(Buffer.from(body).toString('utf8')) as Request;
        const operation = headers['x-amz-target']?.split('.')[1] ?? '';
        sent.push({ operation, token: request.ClientRequestToken });
        const fate = fates[sent.length - 1] ?? 'answered';
        if (fate === 'request lost') return Promise.reject(hungUp());
        if (fate === 'throttled')
          return Promise.resolve(answerOf({ __type: 'ThrottlingException' }));
        const answer = judge(request);
        return fate === 'answer lost'
          ? Promise.reject(hungUp())
          : Promise.resolve(answerOf(answer));
      },
    } as never,
  });
  const pause = (): Promise<void> => Promise.resolve();
  const table = dynamodbTable({ tableName: 'kalcifer', client, pause });
  return { table, sent, stored: () => stored };
}

function hungUp(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
}

function answerOf(answer: object): object {
  const statusCode = '__type' in answer ? 400 : 200;
  const body = new TextEncoder().encode(JSON.stringify(answer));
  return { response: { statusCode, headers: {}, body } };
}

const key = { pk: 'a', sk: '1' };
const put: Write = { put: { ...key, owner: 'us' }, if: 'absent' };
const unavailable = { code: 'table.unavailable' };
const ours = { pk: { S: 'a' }, sk: { S: '1' }, owner: { S: 'us' } };

describe('a conditional write alone', () => {
  test('whose request is lost is sent again, and happens', async () => {
    const { table, sent, stored } = openTable('request lost');
    expect(await table.write({ name: 't.t', writes: [put] })).toEqual({ done: true });
    expect(sent).toHaveLength(2);
    expect(stored()).toEqual(ours);
  });

  test('whose answer is lost has happened, but the table cannot know: it never says refused', async () => {
    const { table, sent, stored } = openTable('answer lost');
    const writing = table.write({ name: 't.t', writes: [put] });
    await expect(writing).rejects.toMatchObject(unavailable);
    expect(sent).toHaveLength(2);
    expect(stored()).toEqual(ours);
  });

  test('whose answers are all lost may have happened', async () => {
    const { table, sent } = openTable('request lost', 'answer lost', 'answer lost');
    await expect(table.write({ name: 't.t', writes: [put] })).rejects.toMatchObject(unavailable);
    expect(sent).toHaveLength(3);
  });

  test('that is refused at once is refused', async () => {
    const { table } = openTable();
    await table.write({ name: 't.t', writes: [put] });
    expect(await table.write({ name: 't.t', writes: [put] })).toEqual({
      done: false,
      refused: [{ at: 0, current: { ...key, owner: 'us' } }],
    });
  });

  test('that is throttled and then refused is told the next time it asks', async () => {
    const { table } = openTable('answered', 'throttled');
    await table.write({ name: 't.t', writes: [put] });
    await expect(table.write({ name: 't.t', writes: [put] })).rejects.toMatchObject(unavailable);
    expect(await table.write({ name: 't.t', writes: [put] })).toMatchObject({ done: false });
  });

  test('without condition is sent until it is answered', async () => {
    const { table, stored } = openTable('answer lost', 'request lost');
    expect(await table.write({ name: 't.t', writes: [{ put: { ...key, owner: 'us' } }] })).toEqual({
      done: true,
    });
    expect(stored()).toEqual(ours);
  });
});

describe('a transaction', () => {
  const writes: Write[] = [put, { put: { pk: 'b', sk: '1' }, if: 'absent' }];

  test('whose answer is lost is answered by its token: it has happened once', async () => {
    const { table, sent, stored } = openTable('answer lost');
    expect(await table.write({ name: 't.t', writes })).toEqual({ done: true });
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ token }) => token)).size).toBe(1);
    expect(sent[0]?.token).toMatch(/^[0-9a-f-]{36}$/);
    expect(stored()).toEqual(ours);
  });

  test('of another call has another token', async () => {
    const { table, sent } = openTable();
    const unconditional = [{ put: key }, { put: { pk: 'b', sk: '1' } }];
    await table.write({ name: 't.t', writes: unconditional });
    await table.write({ name: 't.t', writes: unconditional });
    expect(new Set(sent.map(({ token }) => token)).size).toBe(2);
  });
});

test('a read whose answer is lost is sent again', async () => {
  const { table, sent } = openTable('answer lost', 'answer lost');
  expect(await table.query({ pk: 'a', limit: 1 })).toEqual({ items: [], more: false });
  expect(sent.map(({ operation }) => operation)).toEqual(['Query', 'Query', 'Query']);
});
