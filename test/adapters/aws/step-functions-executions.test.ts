/** What no emulator shows of Step Functions: throttles, lost answers, and what its refusals mean. */
import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionLimitExceeded,
  InvalidArn,
  InvalidExecutionInput,
  InvalidOutput,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
  StateMachineDeleting,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  ValidationException,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { stepFunctionsExecutions } from '../../../lib/adapters/aws/step-functions-executions.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import type { Executions, MachineRef } from '../../../lib/ports/executions.ts';
import { deadEndpoint, fakeEndpoint, credentials } from './fake-endpoint.ts';

const machine: MachineRef = { tenant: 'T1', journey: 'welcome', version: 1 };
const arn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:kalcifer-dev-welcome-v1';
const token = 'AQCEAAAAKgAAAAMAAAAA-secret';
const refused = { $metadata: { httpStatusCode: 400, requestId: 'r-1' }, message: `no: ${token}` };

const sfn = mockClient(SFNClient);
beforeEach(() => sfn.reset());

function executions(machineArn = arn, client = new SFNClient({})): Executions {
  return stepFunctionsExecutions({ machineArnOf: () => Promise.resolve(machineArn), client });
}

const start = { machine, name: 'i1-1', input: { tenant: 'T1', instance: 'i1' } };
const stop = { machine, name: 'i1-1', error: 'Kalcifer.InstanceEnded', cause: 'It is exited.' };
const success = { token, output: { branch: 'event' } };
const failure = { token, error: 'Kalcifer.Broken', cause: 'broken' };

function service(name: string, status = 400): SFNServiceException {
  return new SFNServiceException({
    name,
    $fault: status < 500 ? 'client' : 'server',
    ...refused,
    $metadata: { httpStatusCode: status, requestId: 'r-1' },
  });
}

const broken = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

describe('start', () => {
  it('starts the execution of that machine, name and input', async () => {
    sfn.on(StartExecutionCommand).resolves({});
    expect(await executions().start(start)).toBe('started');
    expect(sfn.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input)).toEqual([
      { stateMachineArn: arn, name: 'i1-1', input: '{"tenant":"T1","instance":"i1"}' },
    ]);
  });

  it('finds a name that is taken', async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(refused));
    expect(await executions().start(start)).toBe('exists');
  });

  it.each([
    ['a machine that is not known yet', new StateMachineDoesNotExist(refused)],
    ['a machine that is being deleted', new StateMachineDeleting(refused)],
    ['too many open executions', new ExecutionLimitExceeded(refused)],
    ['a throttle', service('ThrottlingException')],
    ['a broken service', service('InternalFailure', 500)],
    ['a service that is away', service('ServiceUnavailable', 503)],
    ['a lost answer', broken],
  ])('may be tried again after %s', async (_what, error) => {
    sfn.on(StartExecutionCommand).rejects(error);
    await expect(executions().start(start)).rejects.toMatchObject({
      code: 'executions.unavailable',
    });
  });

  it.each([
    ['an input that is too large', new InvalidExecutionInput(refused), 'InvalidExecutionInput'],
    ['a missing permission', service('AccessDeniedException', 403), 'AccessDenied'],
    ['a wrong ARN', new InvalidArn(refused), 'InvalidArn'],
  ])('never succeeds with %s', async (_what, error, name) => {
    sfn.on(StartExecutionCommand).rejects(error);
    await expect(executions().start(start)).rejects.toMatchObject({
      code: 'executions.refused',
      message: `AWS refuses StartExecution (${name}, request r-1).`,
    });
  });

  it('asks for no name that Step Functions does not take', async () => {
    await expect(executions().start({ ...start, name: 'a b' })).rejects.toMatchObject({
      code: 'executions.name',
    });
    expect(sfn.calls()).toEqual([]);
  });

  it('passes on that there is no such version', async () => {
    const unknown = new KalciferError('version.unknown', 'There is no such version.');
    const none = stepFunctionsExecutions({ machineArnOf: () => Promise.reject(unknown) });
    await expect(none.start(start)).rejects.toBe(unknown);
  });
});

describe.each([
  ['succeed', (all: Executions) => all.succeed(success)],
  ['fail', (all: Executions) => all.fail(failure)],
] as const)('%s', (_verb, call) => {
  it('is accepted', async () => {
    sfn.onAnyCommand().resolves({});
    expect(await call(executions())).toBe('accepted');
  });

  it.each([
    ['is over', new TaskTimedOut(refused)],
    ['is not known', new TaskDoesNotExist(refused)],
    ['never was', new InvalidToken(refused)],
  ])('finds a task gone that %s', async (_what, error) => {
    sfn.onAnyCommand().rejects(error);
    expect(await call(executions())).toBe('gone');
  });

  it.each([
    service('ThrottlingException'),
    service('KmsThrottlingException'),
    service('InternalFailure', 500),
    broken,
  ])('may be tried again after %s', async (error) => {
    sfn.onAnyCommand().rejects(error);
    await expect(call(executions())).rejects.toMatchObject({ code: 'executions.unavailable' });
  });
});

describe('succeed', () => {
  it('answers that token with that output', async () => {
    sfn.on(SendTaskSuccessCommand).resolves({});
    await executions().succeed(success);
    expect(sfn.commandCalls(SendTaskSuccessCommand)[0]?.args[0].input).toEqual({
      taskToken: token,
      output: '{"branch":"event"}',
    });
  });

  it('says that an output is not taken', async () => {
    sfn.on(SendTaskSuccessCommand).rejects(new InvalidOutput(refused));
    await expect(executions().succeed(success)).rejects.toMatchObject({
      code: 'executions.refused',
    });
  });

  it.each(['', 'x'.repeat(2_049)])('sends no token that cannot be one', async (odd) => {
    expect(await executions().succeed({ ...success, token: odd })).toBe('gone');
    expect(await executions().fail({ ...failure, token: odd })).toBe('gone');
    expect(sfn.calls()).toEqual([]);
  });
});

describe('fail', () => {
  it('cuts error and cause to what Step Functions takes, and to whole characters', async () => {
    sfn.on(SendTaskFailureCommand).resolves({});
    const long = { error: `${'E'.repeat(255)}🙂`, cause: '🙂'.repeat(20_000) };
    await executions().fail({ token, ...long });
    expect(sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input).toEqual({
      taskToken: token,
      error: 'E'.repeat(255),
      cause: '🙂'.repeat(16_384),
    });
  });

  it('makes text of what is none', async () => {
    sfn.on(SendTaskFailureCommand).resolves({});
    await executions().fail({ token, error: 'a\ud83d', cause: '\ude42b' });
    expect(sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input).toMatchObject({
      error: 'a\ufffd',
      cause: '\ufffdb',
    });
  });
});

describe('stop', () => {
  it.each([
    [arn, 'arn:aws:states:eu-central-1:123456789012:execution:kalcifer-dev-welcome-v1:i1-1'],
    [`${arn}:3`, 'arn:aws:states:eu-central-1:123456789012:execution:kalcifer-dev-welcome-v1:i1-1'],
    [
      'arn:aws-cn:states:cn-north-1:1:stateMachine:m',
      'arn:aws-cn:states:cn-north-1:1:execution:m:i1-1',
    ],
  ])('of the machine %s stops the execution of that name', async (machineArn, executionArn) => {
    sfn.on(StopExecutionCommand).resolves({});
    expect(await executions(machineArn).stop(stop)).toBe('stopped');
    expect(sfn.commandCalls(StopExecutionCommand)[0]?.args[0].input).toEqual({
      executionArn,
      error: 'Kalcifer.InstanceEnded',
      cause: 'It is exited.',
    });
  });

  it.each([
    ['was never started', new ExecutionDoesNotExist(refused)],
    ['has ended', new ValidationException(refused)],
  ])('finds an execution gone that %s', async (_what, error) => {
    sfn.on(StopExecutionCommand).rejects(error);
    expect(await executions().stop(stop)).toBe('gone');
  });

  it('may be tried again after a throttle', async () => {
    sfn.on(StopExecutionCommand).rejects(service('ThrottlingException'));
    await expect(executions().stop(stop)).rejects.toMatchObject({
      code: 'executions.unavailable',
    });
  });
});

describe('a token', () => {
  it.each([
    new InvalidOutput(refused),
    service('ValidationException'),
    service('ThrottlingException'),
    Object.assign(new Error(token), { code: 'EPIPE' }),
  ])('is in no error: %#', async (thrown) => {
    sfn.on(SendTaskSuccessCommand).rejects(thrown);
    const error: unknown = await executions()
      .succeed(success)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KalciferError);
    const { message, stack, cause, data } = error as KalciferError;
    expect(JSON.stringify({ message, stack, cause, data })).not.toContain(token);
  });
});

describe('a call over the network', () => {
  it('is tried again by itself, and then left to the caller', async () => {
    sfn.restore();
    const { url, requests } = await fakeEndpoint({
      status: 400,
      body: '{"__type":"ThrottlingException"}',
      headers: { 'content-type': 'application/x-amz-json-1.0' },
    });
    const client = new SFNClient({ endpoint: url, region: 'eu-central-1', credentials });
    await expect(executions(arn, client).start(start)).rejects.toMatchObject({
      code: 'executions.unavailable',
    });
    expect(requests).toHaveLength(3);
  });

  it('may be tried again when nobody is there', async () => {
    sfn.restore();
    const endpoint = await deadEndpoint();
    const client = new SFNClient({ endpoint, region: 'eu-central-1', credentials });
    await expect(executions(arn, client).succeed(success)).rejects.toMatchObject({
      code: 'executions.unavailable',
      message: 'AWS did not do SendTaskSuccess (ECONNREFUSED); the call may be tried again.',
    });
  });
});
