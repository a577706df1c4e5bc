import {
  SendMessageBatchCommand,
  SQSClient,
  type SendMessageBatchCommandInput,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { sqsDeadLetters } from '../../../lib/adapters/aws/sqs-dead-letters.ts';
import { sqsHistorySink } from '../../../lib/adapters/aws/sqs-history-sink.ts';
import { readHistoryMessage } from '../../../lib/history-message.ts';
import { aHistoryRow } from '../../support/history-rows.ts';

const queueUrl = 'https://sqs/history';
const client = new SQSClient({ region: 'us-east-1' });
const sqs = mockClient(client);
beforeEach(() => sqs.reset());

const sink = sqsHistorySink({ queueUrl, client });

const calls = (): SendMessageBatchCommandInput[] =>
  sqs.commandCalls(SendMessageBatchCommand).map(({ args: [command] }) => command.input);

const bodies = (call: SendMessageBatchCommandInput): string[] =>
  (call.Entries ?? []).map(({ MessageBody = '' }) => MessageBody);

const rowsIn = (call: SendMessageBatchCommandInput) =>
  bodies(call).flatMap((body) => readHistoryMessage(body)?.rows ?? []);

const failed = (id: string, fault: boolean, code = 'InternalError') => ({
  Id: id,
  SenderFault: fault,
  Code: code,
});

describe('sqsHistorySink', () => {
  it('puts several rows into one message', async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    const rows = [aHistoryRow(), aHistoryRow()];
    await sink.record(rows);
    const [call, ...others] = calls();
    expect(others).toEqual([]);
    expect(call?.QueueUrl).toBe(queueUrl);
    expect(call?.Entries).toHaveLength(1);
    expect(call === undefined ? [] : rowsIn(call)).toEqual(rows);
  });

  it('calls nobody when there are no rows', async () => {
    await sink.record([]);
    expect(calls()).toEqual([]);
  });

  it('keeps to ten messages and 256 KB a call, and loses no row', async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    const rows = Array.from({ length: 3_000 }, () => aHistoryRow({ customer: 'ü'.repeat(100) }));
    await sink.record(rows);
    expect(calls().length).toBeGreaterThan(3);
    for (const call of calls()) {
      const sizes = bodies(call).map((body) => Buffer.byteLength(body));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(256 * 1024);
    }
    expect(calls().flatMap(rowsIn)).toEqual(rows);
  });

  it('sends again the messages that the queue did not take, and no other', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Failed: [failed('1', false)] })
      .resolves({});
    const rows = Array.from({ length: 400 }, () => aHistoryRow());
    await sink.record(rows);
    const [first, second, ...others] = calls();
    expect(others).toEqual([]);
    expect(first?.Entries?.length).toBeGreaterThan(1);
    expect(second?.Entries).toEqual([first?.Entries?.[1]]);
  });

  it.each([
    ['some messages are refused each time', { Failed: [failed('0', false)] }, 3],
    ['a message is our own mistake', { Failed: [failed('0', true, 'InvalidMessageContents')] }, 1],
  ])('says so when %s', async (_when, answer, attempts) => {
    sqs.on(SendMessageBatchCommand).resolves(answer);
    await expect(sink.record([aHistoryRow()])).rejects.toMatchObject({
      code: 'history.unavailable',
    });
    expect(calls()).toHaveLength(attempts);
  });

  it('says so when the call fails, without the rows in its words', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .rejects(Object.assign(new Error('customer_1'), { code: 'ECONNRESET' }));
    await expect(sink.record([aHistoryRow()])).rejects.toMatchObject({
      code: 'history.unavailable',
      message: 'The history queue did not take all rows: ECONNRESET.',
    });
  });
});

describe('sqsDeadLetters', () => {
  it('keeps the letter as it is, and beside it why it is there', async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    const letters = Array.from({ length: 12 }, (_, at) => ({ body: `b${at}`, why: 'a.code' }));
    await sqsDeadLetters({ queueUrl, client }).put(letters);
    expect(calls().map(({ Entries }) => Entries?.length)).toEqual([10, 2]);
    expect(calls()[1]?.Entries?.[1]).toEqual({
      Id: '1',
      MessageBody: 'b11',
      MessageAttributes: { why: { DataType: 'String', StringValue: 'a.code' } },
    });
  });

  it('says when it could not keep them all', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('no'));
    await expect(
      sqsDeadLetters({ queueUrl, client }).put([{ body: 'b', why: 'w' }]),
    ).rejects.toMatchObject({ code: 'dead_letters.unavailable' });
  });
});
