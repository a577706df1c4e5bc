import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { executionList } from '../../../lib/adapters/aws/execution-list.ts';

const aws = mockClient(SFNClient);
const executions = executionList();

beforeEach(() => aws.reset());

const machine = (
  name: string,
): { name: string; stateMachineArn: string; type: 'STANDARD'; creationDate: Date } => ({
  name,
  stateMachineArn: `arn:machine:${name}`,
  type: 'STANDARD',
  creationDate: new Date(0),
});

const execution = (name: string, second: number, ended?: number): object => ({
  executionArn: `arn:execution:${name}`,
  name,
  status: ended === undefined ? 'RUNNING' : 'SUCCEEDED',
  startDate: new Date(second * 1000),
  ...(ended === undefined ? {} : { stopDate: new Date(ended * 1000) }),
});

it('lists the executions of all machines with the prefix, newest first, from every page', async () => {
  aws
    .on(ListStateMachinesCommand)
    .resolvesOnce({ stateMachines: [machine('k-dev-a-v1'), machine('other')], nextToken: 'more' })
    .resolves({ stateMachines: [machine('k-dev-b-v2')] });
  aws
    .on(ListExecutionsCommand, { stateMachineArn: 'arn:machine:k-dev-a-v1' })
    .resolves({ executions: [execution('i1-1', 10), execution('i0-1', 1, 5)] as never })
    .on(ListExecutionsCommand, { stateMachineArn: 'arn:machine:k-dev-b-v2' })
    .resolves({ executions: [execution('i2-3', 7)] as never });

  const listed = await executions.list({ machinePrefix: 'k-dev-', perMachineMax: 9 });
  expect(listed).toEqual([
    {
      arn: 'arn:execution:i1-1',
      name: 'i1-1',
      machine: 'k-dev-a-v1',
      status: 'RUNNING',
      startedAt: new Date(10_000),
    },
    {
      arn: 'arn:execution:i2-3',
      name: 'i2-3',
      machine: 'k-dev-b-v2',
      status: 'RUNNING',
      startedAt: new Date(7_000),
    },
    {
      arn: 'arn:execution:i0-1',
      name: 'i0-1',
      machine: 'k-dev-a-v1',
      status: 'SUCCEEDED',
      startedAt: new Date(1_000),
      endedAt: new Date(5_000),
    },
  ]);
  expect(aws.commandCalls(ListExecutionsCommand).map(({ args }) => args[0].input)).toEqual([
    { stateMachineArn: 'arn:machine:k-dev-a-v1', maxResults: 9 },
    { stateMachineArn: 'arn:machine:k-dev-b-v2', maxResults: 9 },
  ]);
});

it('reads what an execution was given', async () => {
  aws.on(DescribeExecutionCommand).resolves({ input: '{"tenant":"T1"}' });
  expect(await executions.inputOf('arn:execution:i1-1')).toEqual({ tenant: 'T1' });
});
