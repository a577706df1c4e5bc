import {
  QueueDoesNotExist,
  SendMessageCommand,
  SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { queuedStarts } from '../../../lib/adapters/aws/queued-starts.ts';
import type { Executions } from '../../../lib/ports/executions.ts';

const sqs = mockClient(SQSClient);
beforeEach(() => sqs.reset());

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/kalcifer-dev-entry';
const machine = { tenant: 'T1', journey: 'welcome', version: 1 };
const start = { machine, name: 'i1-1', input: { tenant: 'T1', instance: 'i1', epoch: 1 } };

function behind(): { readonly executions: Executions; readonly calls: unknown[] } {
  const calls: unknown[] = [];
  const told =
    <Answer>(answer: Answer) =>
    (request: unknown): Promise<Answer> => {
      calls.push(request);
      return Promise.resolve(answer);
    };
  return {
    calls,
    executions: {
      start: told('exists'),
      succeed: told('gone'),
      fail: told('accepted'),
      stop: told('stopped'),
    },
  };
}

describe('a start', () => {
  it('lies in the queue, and nowhere else', async () => {
    sqs.on(SendMessageCommand).resolves({});
    const { executions, calls } = behind();
    expect(await queuedStarts({ queueUrl, executions }).start(start)).toBe('started');
    expect(calls).toEqual([]);
    const [sent] = sqs.commandCalls(SendMessageCommand);
    expect(sent?.args[0].input.QueueUrl).toBe(queueUrl);
    expect(JSON.parse(sent?.args[0].input.MessageBody ?? '')).toEqual({ schema: 1, start });
  });

  it('is written without the characters that queues refuse', async () => {
    sqs.on(SendMessageCommand).resolves({});
    const odd = { ...start, input: { tenant: 'T\ufffe', journey: '\uffff!' } };
    await queuedStarts({ queueUrl, executions: behind().executions }).start(odd);
    const body = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input.MessageBody ?? '';
    expect(body).not.toMatch(/[\ufffe\uffff]/);
    expect(JSON.parse(body)).toEqual({ schema: 1, start: odd });
  });

  it('leaves out what somebody else may have put into the request', async () => {
    sqs.on(SendMessageCommand).resolves({});
    const odd = { ...start, secret: 'x', machine: { ...machine, version: 2 } };
    await queuedStarts({ queueUrl, executions: behind().executions }).start(odd);
    const body = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input.MessageBody ?? '';
    expect(body).not.toContain('secret');
  });

  it('under a name that no execution can have is not queued', async () => {
    const starts = queuedStarts({ queueUrl, executions: behind().executions });
    await expect(starts.start({ ...start, name: '' })).rejects.toMatchObject({
      code: 'executions.name',
    });
    expect(sqs.calls()).toEqual([]);
  });

  it.each([
    new SQSServiceException({
      name: 'RequestThrottled',
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
      message: '',
    }),
    new SQSServiceException({
      name: 'InternalFailure',
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
      message: '',
    }),
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' }),
  ])('may be tried again after %s', async (error) => {
    sqs.on(SendMessageCommand).rejects(error);
    const starts = queuedStarts({ queueUrl, executions: behind().executions });
    await expect(starts.start(start)).rejects.toMatchObject({ code: 'executions.unavailable' });
  });

  it('never succeeds without a queue', async () => {
    sqs
      .on(SendMessageCommand)
      .rejects(new QueueDoesNotExist({ message: '', $metadata: { httpStatusCode: 400 } }));
    const starts = queuedStarts({ queueUrl, executions: behind().executions });
    await expect(starts.start(start)).rejects.toMatchObject({ code: 'executions.refused' });
  });
});

it('everything else goes straight to the executions', async () => {
  const { executions, calls } = behind();
  const starts = queuedStarts({ queueUrl, executions });
  const success = { token: 't', output: { branch: 'a' } };
  const failure = { token: 't', error: 'E', cause: 'c' };
  const stop = { machine, name: 'i1-1', error: 'E', cause: 'c' };
  expect(await starts.succeed(success)).toBe('gone');
  expect(await starts.fail(failure)).toBe('accepted');
  expect(await starts.stop(stop)).toBe('stopped');
  expect(calls).toEqual([success, failure, stop]);
  expect(sqs.calls()).toEqual([]);
});
