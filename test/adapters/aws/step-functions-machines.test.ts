import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  InvalidDefinition,
  SFNClient,
  SFNServiceException,
  StateMachineAlreadyExists,
  StateMachineDeleting,
  StateMachineDoesNotExist,
  StateMachineLimitExceeded,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { stepFunctionsMachines } from '../../../lib/adapters/aws/step-functions-machines.ts';
import type { JsonObject } from '../../../lib/json.ts';

const sfn = mockClient(SFNClient);
beforeEach(() => sfn.reset());

const machine = { tenant: 'T1', journey: 'welcome', version: 1 };
const entryArn = 'arn:aws:lambda:eu-central-1:123456789012:function:kalcifer-dev-run-entry';
const definition: JsonObject = {
  StartAt: 'in',
  States: { in: { Type: 'Task', Parameters: { FunctionName: '${EntryFunction}' } } },
};
const filled = `{"StartAt":"in","States":{"in":{"Type":"Task","Parameters":{"FunctionName":"${entryArn}"}}}}`;
const name = 'kalcifer-dev-welcome-v1-64e7a5203a55';
const arn = `arn:aws:states:eu-central-1:123456789012:stateMachine:${name}`;

const machines = stepFunctionsMachines({
  prefix: 'kalcifer-dev-',
  roleArn: 'arn:aws:iam::123456789012:role/executions',
  functionArns: { EntryFunction: entryArn },
});

function create(changed: JsonObject = definition): Promise<string> {
  return machines.create({ machine, definition: changed });
}

const refused = { message: 'no', $metadata: { httpStatusCode: 400, requestId: 'r-1' } };

it('makes a standard machine without logs, with its functions filled in and tags that say whose it is', async () => {
  sfn.on(CreateStateMachineCommand).resolves({ stateMachineArn: arn });
  expect(await create()).toBe(arn);
  expect(sfn.commandCalls(CreateStateMachineCommand).map(({ args }) => args[0].input)).toEqual([
    {
      name,
      definition: filled,
      roleArn: 'arn:aws:iam::123456789012:role/executions',
      type: 'STANDARD',
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tags: [
        { key: 'kalcifer:tenant', value: 'T1' },
        { key: 'kalcifer:journey', value: 'welcome' },
        { key: 'kalcifer:version', value: '1' },
      ],
    },
  ]);
});

describe('a machine of this name', () => {
  beforeEach(() => {
    sfn.on(CreateStateMachineCommand).rejects(new StateMachineAlreadyExists(refused));
  });

  it('that runs the same is the machine', async () => {
    sfn.on(DescribeStateMachineCommand).resolves({ definition: filled, status: 'ACTIVE' });
    expect(await create()).toBe(arn);
    expect(sfn.commandCalls(DescribeStateMachineCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: arn,
    });
  });

  it('that runs something else is told', async () => {
    sfn.on(DescribeStateMachineCommand).resolves({ definition: '{}', status: 'ACTIVE' });
    await expect(create()).rejects.toMatchObject({ code: 'machines.name_taken' });
  });

  it('that is being deleted may be made again later', async () => {
    sfn.on(DescribeStateMachineCommand).resolves({ definition: filled, status: 'DELETING' });
    await expect(create()).rejects.toMatchObject({ code: 'executions.unavailable' });
  });

  it('that is gone by now may be made again', async () => {
    sfn.on(DescribeStateMachineCommand).rejects(new StateMachineDoesNotExist(refused));
    await expect(create()).rejects.toMatchObject({ code: 'executions.unavailable' });
  });

  it('that nobody may look at is told', async () => {
    sfn.on(DescribeStateMachineCommand).rejects(service('AccessDeniedException', 403));
    await expect(create()).rejects.toMatchObject({
      code: 'executions.refused',
      message: 'AWS refuses DescribeStateMachine (AccessDenied, request r-1).',
    });
  });
});

it.each([
  ['executions.unavailable', service('ThrottlingException', 400)],
  ['executions.unavailable', service('InternalFailure', 500)],
  ['executions.unavailable', new StateMachineDeleting(refused)],
  ['executions.unavailable', service('ConflictException', 400)],
  ['machines.limit', new StateMachineLimitExceeded(refused)],
  ['machines.refused', new InvalidDefinition(refused)],
  ['executions.refused', service('AccessDeniedException', 403)],
])('answers %s for %s', async (code, error) => {
  sfn.on(CreateStateMachineCommand).rejects(error);
  await expect(create()).rejects.toMatchObject({ code });
});

it('asks for no machine that Step Functions does not take', async () => {
  const large = { ...definition, Comment: 'é'.repeat(524_288) };
  await expect(create(large)).rejects.toMatchObject({ code: 'machines.too_large' });
  const call = { FunctionName: '${ExitFunction}' };
  await expect(create({ call })).rejects.toMatchObject({ code: 'machines.function_unknown' });
  expect(sfn.calls()).toEqual([]);
});

function service(errorName: string, status: number): SFNServiceException {
  return new SFNServiceException({
    name: errorName,
    $fault: 'client',
    message: 'no',
    $metadata: { httpStatusCode: status, requestId: 'r-1' },
  });
}
