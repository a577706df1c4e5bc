/** State machines that are made at run time, at AWS_ENDPOINT_URL: making one again makes nothing. */
import { randomUUID } from 'node:crypto';
import {
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
  SFNClient,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { expect, it, onTestFinished } from 'vitest';
import { stepFunctionsMachines } from '../../lib/adapters/aws/step-functions-machines.ts';

const sfn = new SFNClient({});
const machines = stepFunctionsMachines({
  prefix: 'kalcifer-e2e-',
  roleArn: 'arn:aws:iam::000000000000:role/executions',
  functionArns: { EntryFunction: 'arn:aws:lambda:us-east-1:000000000000:function:run-entry' },
});
const definition = {
  StartAt: 'in',
  States: {
    in: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '${EntryFunction}', 'Payload.$': '$' },
      End: true,
    },
  },
};

async function make(): Promise<string> {
  const machine = { tenant: 'T1', journey: `j-${randomUUID().slice(0, 8)}`, version: 1 };
  const [first, second, third] = await Promise.all(
    Array.from({ length: 3 }, () => machines.create({ machine, definition })),
  );
  const stateMachineArn = first ?? '';
  onTestFinished(async () => {
    await sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  });
  expect([second, third]).toEqual([first, first]);
  expect(await machines.create({ machine, definition })).toBe(first);

  // Somebody has changed it by hand, in a way that changes nothing about what it runs.
  const roleArn = 'arn:aws:iam::000000000000:role/other';
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn }));
  expect(await machines.create({ machine, definition })).toBe(first);
  return stateMachineArn;
}

it('the state machine of a version is made once, with its functions and tags', async () => {
  const stateMachineArn = await make();
  const found = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(found).toMatchObject({ type: 'STANDARD', status: 'ACTIVE' });
  expect(JSON.parse(found.definition ?? '')).toMatchObject({
    States: {
      in: {
        Parameters: {
          FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:run-entry',
        },
      },
    },
  });
  const { tags } = await sfn.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn }));
  expect(tags).toContainEqual({ key: 'kalcifer:tenant', value: 'T1' });
});
