/** Step Functions, at AWS_ENDPOINT_URL, keeps the contract of executions. Tasks hand their tokens to a queue, where the test finds them. */
import { randomUUID } from 'node:crypto';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { stepFunctionsExecutions } from '../../lib/adapters/aws/step-functions-executions.ts';
import type { Json } from '../../lib/json.ts';
import { executionsContract } from '../contract/executions.contract.ts';
import type { OpenedExecutions, Outcome } from '../contract/executions-subject.ts';
import { isMiniStack } from './emulator.ts';
import { deviations } from './support/deviations.ts';

const roleArn = 'arn:aws:iam::000000000000:role/executions';

/** Of MiniStack 1.5.33, by the name of the test. */
const deviating = {
  'of one task at the same time: one is accepted':
    'MiniStack takes answers to a task until its thread has seen the first',
  'leaves no task to answer': deviations.stoppedTask,
};

executionsContract('Step Functions', {
  open: openExecutions,
  deviations: (await isMiniStack()) ? deviating : {},
});

async function openExecutions(): Promise<OpenedExecutions> {
  const sfn = new SFNClient({});
  const sqs = new SQSClient({});
  const id = randomUUID();
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `tokens-${id}` }));
  const { stateMachineArn: arn = '' } = await sfn.send(
    new CreateStateMachineCommand({
      name: `asking-${id}`,
      roleArn,
      definition: JSON.stringify(askingBy(QueueUrl)),
    }),
  );
  const tokens = new Map<string, string[]>();
  const executionArn = (name: string): string =>
    `${arn.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    executions: stepFunctionsExecutions({
      machineArnOf: ({ journey }) => Promise.resolve(journey === 'asking' ? arn : `${arn}-missing`),
    }),
    asking: { tenant: 'T1', journey: 'asking', version: 1 },
    missing: { tenant: 'T1', journey: 'missing', version: 1 },
    tokenOf: async (name) => {
      const read = async (): Promise<readonly string[]> => {
        await receiveTokens(sqs, QueueUrl, tokens, 0);
        return tokens.get(name) ?? [];
      };
      await expect.poll(read, { timeout: 20_000, interval: 50 }).not.toEqual([]);
      return tokens.get(name)?.[0] ?? '';
    },
    countTokens: async (name) => {
      // Each start is a message in a second at most; two empty looks say that there is no other.
      for (let look = 0; look < 2; look++) await receiveTokens(sqs, QueueUrl, tokens, 1);
      return tokens.get(name)?.length ?? 0;
    },
    outcomeOf: async (name) => {
      const { status, output } = await sfn.send(
        new DescribeExecutionCommand({ executionArn: executionArn(name) }),
      );
      return outcomeOf(status, output);
    },
    passTimeout: () => Promise.resolve(),
    close: async () => {
      await sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

function outcomeOf(status: string | undefined, output: string | undefined): Outcome {
  if (status === 'RUNNING') return 'running';
  if (status === 'ABORTED') return 'stopped';
  expect(status).toBe('SUCCEEDED');
  return { output: JSON.parse(output ?? 'null') as Json };
}

function askingBy(queueUrl: string): Json {
  const caught = (error: string, path: string): Json => ({
    ErrorEquals: [error],
    ResultPath: path,
    Next: 'Tell',
  });
  return {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: {
          QueueUrl: queueUrl,
          MessageBody: { 'token.$': '$$.Task.Token', 'name.$': '$$.Execution.Name' },
        },
        TimeoutSeconds: 5,
        ResultPath: '$.answer',
        Catch: [caught('States.Timeout', '$.late'), caught('States.ALL', '$.error')],
        Next: 'Tell',
      },
      Tell: { Type: 'Succeed' },
    },
  };
}

async function receiveTokens(
  sqs: SQSClient,
  queueUrl: string,
  tokens: Map<string, string[]>,
  waitSeconds: number,
): Promise<void> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
    }),
  );
  for (const { Body = '', ReceiptHandle } of Messages) {
    const { token, name } = JSON.parse(Body) as { token: string; name: string };
    tokens.set(name, [...(tokens.get(name) ?? []), token]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
  }
}
