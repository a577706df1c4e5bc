/** Where MiniStack does otherwise than Step Functions: each deviation seen, and what cannot be shown there because of it. */
import { randomUUID } from 'node:crypto';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import type { JsonObject } from '../../lib/json.ts';
import { drawGraph } from '../support/graphs.ts';
import { openAwsHarness } from './support/aws-harness.ts';
import { deviates, deviations } from './support/deviations.ts';
import { until } from './support/waiting-until.ts';

const place = inject('place');
const sfn = new SFNClient({});
const sqs = new SQSClient({});

/** For what ends by itself after a second, on a busy machine too. */
const patienceMs = 60_000;
/** For what has no end. */
const endlessMs = 6_000;

/** A machine of one task, and an execution of it that has begun. */
async function startTask(
  { onTestFinished }: TestContext,
  task: JsonObject,
  input: JsonObject,
): Promise<string> {
  const definition = {
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        ...task,
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Over' }],
        End: true,
      },
      Over: { Type: 'Succeed' },
    },
  };
  const { stateMachineArn = '' } = await sfn.send(
    new CreateStateMachineCommand({
      name: `probe-${randomUUID()}`,
      roleArn: 'arn:aws:iam::000000000000:role/probe',
      definition: JSON.stringify(definition),
    }),
  );
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  onTestFinished(async () => {
    await sfn.send(new StopExecutionCommand({ executionArn })).catch(() => undefined);
    await sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  });
  return executionArn;
}

/** Runs a task that waits for its token, which nobody answers. Answers how the execution ended, undefined when it did not. */
async function endOf(
  context: TestContext,
  task: JsonObject,
  input: JsonObject,
  waitMs = patienceMs,
): Promise<string | undefined> {
  const executionArn = await startTask(context, task, input);
  const ended = async (): Promise<string | undefined> => {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' ? undefined : status;
  };
  return until('the execution is over', ended, { patienceMs: waitMs }).catch(() => undefined);
}

/** A task that hands its token to a queue of its own. */
async function askingTask({
  onTestFinished,
}: TestContext): Promise<{ queue: string; task: JsonObject }> {
  const { QueueUrl: queue = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: `probe-${randomUUID()}` }),
  );
  onTestFinished(async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queue }));
  });
  const task = {
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: { QueueUrl: queue, MessageBody: { 'token.$': '$$.Task.Token' } },
  };
  return { queue, task };
}

/** A probe that fails: the deviation is gone. Then it has no place in `support/deviations.ts`, and nothing is skipped for it. */
describe.concurrent('the deviation is still there:', () => {
  it.runIf(deviates(place))(deviations.timeoutSecondsPath, async (context) => {
    const { task } = await askingTask(context);
    expect(await endOf(context, { ...task, TimeoutSeconds: 1 }, {})).toBe('SUCCEEDED');
    expect(
      await endOf(context, { ...task, TimeoutSecondsPath: '$.seconds' }, { seconds: 1 }, endlessMs),
    ).toBeUndefined();
  });

  it.runIf(deviates(place))(deviations.stoppedTask, async (context) => {
    const { queue, task } = await askingTask(context);
    const executionArn = await startTask(context, { ...task, TimeoutSeconds: 60 }, {});
    const { Messages: [asked] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 10 }),
    );
    const { token: taskToken } = JSON.parse(asked?.Body ?? '{}') as { token?: string };
    expect(taskToken).toBeDefined();
    await sfn.send(new StopExecutionCommand({ executionArn }));
    const answer = new SendTaskSuccessCommand({ taskToken, output: '{}' });
    await expect(sfn.send(answer)).resolves.toBeDefined();
  });

  it.runIf(deviates(place))(deviations.failingFunction, async (context) => {
    // Any function of ours fails when it is called without what it needs.
    const call = { FunctionName: `kalcifer-${place.stage}-run-wait`, Payload: {} };
    const resource = 'arn:aws:states:::lambda:invoke';
    expect(await endOf(context, { Resource: resource, Parameters: call }, {})).toBe('SUCCEEDED');
    expect(
      await endOf(
        context,
        { Resource: `${resource}.waitForTaskToken`, Parameters: call },
        {},
        endlessMs,
      ),
    ).toBeUndefined();
  });
});

describe.concurrent('a wait until an instant', () => {
  const untilInstant = drawGraph(
    {
      in: ['event_entry', { event_type: 'booked' }],
      then: ['wait_until', { datetime: 'context.at' }],
      mail: ['send_email', { subject: 'Today', body: 'Today!' }],
      out: ['exit'],
    },
    ['in -> then', 'then -> mail', 'mail -> out'],
  );

  const walk = async (at: Date): Promise<readonly string[]> => {
    const h = openAwsHarness(place);
    const of = { tenant: 'T1', journey: 'J' };
    await h.publish({ ...of, graph: untilInstant });
    await h.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
    const context = { at: at.toISOString() };
    const { instance } = await h.enroll({ ...of, customer: 'c1', context });
    await h.settle();
    const { deadlines } = await h.instance(instance);
    if (deadlines.then !== undefined) await h.advance('4s');
    return (await h.steps(instance)).map(({ node }) => node);
  };

  it('that has passed ends at once', async () => {
    expect(await walk(new Date('2026-01-01T00:00:00Z'))).toEqual(['in', 'then', 'mail', 'out']);
  });

  it.skipIf(deviates(place))(`ends then (${deviations.timeoutSecondsPath})`, async () => {
    expect(await walk(new Date(Date.now() + 3_000))).toEqual(['in', 'then', 'mail', 'out']);
  });
});
