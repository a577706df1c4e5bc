/** Versions come and go while customers wait: a deployment of its own, changed five times, and destroyed in the end. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployApp, destroyApp, type DeployOptions } from '../../bin/local/deploy.ts';
import type { Deployment } from '../../bin/local/deployment.ts';
import { drawGraph, type DrawnJson } from '../support/graphs.ts';
import { runCli } from '../support/run-cli.ts';
import type { ApiInstance, ApiTimeline } from './support/api-answers.ts';
import { openEmulator, type OpenedEmulator } from './support/emulator.ts';
import {
  deployedApi,
  executionOf,
  executionsOf,
  machineArn,
  putDetails,
  putEvents,
} from './support/public-aws.ts';
import { until } from './support/waiting-until.ts';

const stage = 'dev';
const tenant = 'acme';
const stack = `kalcifer-${stage}`;
const machine = (version: number): string => `kalcifer-${stage}-nudge-v${version}`;

let emulator: OpenedEmulator;
let options: DeployOptions;
let deployed: Deployment;
let journeys: string;

beforeAll(async () => {
  emulator = await openEmulator();
  const { target, folder } = emulator;
  journeys = join(folder.state, 'journeys');
  options = {
    target,
    folder,
    stage,
    tenants: tenant,
    mailFrom: 'kalcifer@example.com',
    context: [`statemachines=${journeys}`],
  };
});

afterAll(async () => {
  await emulator.close();
});

/** Tags the customer with what it is told before and after the wait, so that steps tell which version ran. */
function nudge(before: string, after: string): DrawnJson {
  return drawGraph(
    {
      in: ['event_entry', { event_type: 'visited' }],
      [before]: ['add_tag', { tag: before }],
      bought: ['wait_for_event', { event_type: 'bought', timeout: '30d' }],
      [after]: ['add_tag', { tag: after }],
      out: ['exit'],
    },
    [
      `in -> ${before}`,
      `${before} -> bought`,
      `bought -> ${after} [event_received]`,
      'bought -> out [timed_out]',
      `${after} -> out`,
    ],
  );
}

async function writeVersion(version: number, graph: DrawnJson): Promise<void> {
  mkdirSync(join(journeys, 'nudge'), { recursive: true });
  writeFileSync(join(journeys, 'nudge', `v${version}.journey.json`), JSON.stringify(graph));
  const { code, stderr } = await runCli('statemachines', '--folder', journeys);
  expect([code, stderr]).toEqual([0, '']);
}

function removeVersion(version: number): void {
  for (const kind of ['journey', 'asl']) {
    rmSync(join(journeys, 'nudge', `v${version}.${kind}.json`));
  }
}

const deployNow = async (): Promise<void> => {
  deployed = await deployApp(options, 'kept');
};

const sqs = new SQSClient({});

/** Not a customer. The queue hands it out again at once, not after the minutes that a function may take. */
async function sendPoison(): Promise<void> {
  const { BusName: bus = '', EventQueueUrl: QueueUrl = '' } = deployed.outputs;
  const Attributes = { VisibilityTimeout: '1' };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  await putDetails(bus, [{ type: 'visited', detail: JSON.stringify({ tenant, customer: 42 }) }]);
}

async function bodyIn(QueueUrl: string): Promise<string | undefined> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages[0]?.Body;
}

const send = (customer: string, type: string): Promise<void> =>
  putEvents(deployed.outputs.BusName ?? '', [{ tenant, customer, type }]);

async function instanceOf(customer: string): Promise<ApiInstance | undefined> {
  const api = await deployedApi(deployed, tenant);
  const path = `/v1/customers/${customer}/instances`;
  const { instances } = await api.call<{ instances: readonly ApiInstance[] }>('GET', path);
  return instances[0];
}

const instanceThatIs = (customer: string, wanted: string): Promise<ApiInstance> =>
  until(`${customer} is ${wanted}`, async () => {
    const instance = await instanceOf(customer);
    return instance?.status === wanted && instance;
  });

async function machineOf(version: number): Promise<string | undefined> {
  const stateMachineArn = await machineArn(machine(version));
  const found = await new SFNClient({}).send(new DescribeStateMachineCommand({ stateMachineArn }));
  return found.definition;
}

/** What CloudFormation has done to the machine so far. */
async function doneTo(version: number): Promise<readonly (string | undefined)[]> {
  const done: (string | undefined)[] = [];
  const client = new CloudFormationClient({});
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: stack })) {
    for (const { LogicalResourceId: id, ResourceStatus: status } of page.StackEvents ?? []) {
      if (id?.startsWith(`Journeysnudgev${version}StateMachine`) === true) done.push(status);
    }
  }
  return done;
}

async function nodesOf({ id }: ApiInstance): Promise<readonly string[]> {
  const api = await deployedApi(deployed, tenant);
  const { steps } = await api.call<ApiTimeline>('GET', `/v1/instances/${id}/timeline`);
  return steps.map(({ node }) => node);
}

// One after the other: each changes what the next one finds.
describe('versions on Step Functions', () => {
  let ada: ApiInstance;
  let grace: ApiInstance;

  it('v1 is one state machine, and takes customers in', async () => {
    await writeVersion(1, nudge('early', 'sold'));
    await deployNow();
    await send('ada', 'visited');
    ada = await instanceThatIs('ada', 'waiting');
    expect(ada).toMatchObject({ journey: 'nudge', version: 1, positions: ['bought'] });
    expect(await executionOf(machine(1), ada.id)).toMatchObject({ status: 'RUNNING' });
    await sendPoison();
  });

  it('deploying v2 lets new customers in there, and leaves those of v1 where they wait', async () => {
    const before = await executionsOf(machine(1));
    await writeVersion(2, nudge('earlier', 'sold_again'));
    await deployNow();
    expect(await executionsOf(machine(1))).toEqual(before);
    expect(await instanceOf('ada')).toEqual(ada);

    await send('grace', 'visited');
    grace = await instanceThatIs('grace', 'waiting');
    expect(grace.version).toBe(2);
    expect(await executionOf(machine(2), grace.id)).toMatchObject({ status: 'RUNNING' });
  });

  it('an event that cannot be read was put aside meanwhile, where somebody can look at it', async () => {
    const putAside = deployed.outputs.EventDeadLetterQueueUrl ?? '';
    const body = await until('the event is put aside', () => bodyIn(putAside));
    expect(JSON.parse(body)).toMatchObject({ 'detail-type': 'visited', detail: { customer: 42 } });
  });

  it('changing v2 is refused before its machine is touched', async () => {
    const done = await doneTo(2);
    expect(done).not.toEqual([]);
    const definition = await machineOf(2);
    await writeVersion(2, nudge('changed', 'sold_again'));
    const refused = deployNow();
    await expect(refused).rejects.toThrow('journey.version_differs: The deployment is refused.');
    await writeVersion(2, nudge('earlier', 'sold_again'));
    expect(await doneTo(2)).toEqual(done);
    expect(await machineOf(2)).toBe(definition);
    expect(await executionOf(machine(2), grace.id)).toMatchObject({ status: 'RUNNING' });
  });

  it('removing v1 is refused while a customer waits in it', async () => {
    removeVersion(1);
    await expect(deployNow()).rejects.toThrow('journey.version_in_use: The deployment is refused.');
    expect(await executionOf(machine(1), ada.id)).toMatchObject({ status: 'RUNNING' });
  });

  it('the customer of v1 still ends in v1', async () => {
    await send('ada', 'bought');
    const completed = await instanceThatIs('ada', 'completed');
    expect(completed).toMatchObject({ id: ada.id, version: 1 });
    expect(await nodesOf(completed)).toEqual(['in', 'early', 'bought', 'sold', 'out']);
  });

  it('with nobody in it, v1 goes, and those of v2 do not notice', async () => {
    await deployNow();
    expect(await machineArn(machine(1))).toBeUndefined();
    expect(await instanceOf('grace')).toEqual(grace);
    await send('grace', 'bought');
    expect(await nodesOf(await instanceThatIs('grace', 'completed'))).toEqual([
      'in',
      'earlier',
      'bought',
      'sold_again',
      'out',
    ]);
  });

  it('destroying the deployment leaves nothing behind', async () => {
    await destroyApp(options, 'kept');
    await expect(
      new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: stack })),
    ).rejects.toThrow('does not exist');
    expect(await machineArn(machine(2))).toBeUndefined();
    const { TableNames } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
    expect(TableNames).not.toContain(deployed.outputs.TableName);
    const { Functions = [] } = await new LambdaClient({}).send(new ListFunctionsCommand({}));
    expect(Functions.filter(({ FunctionName: name }) => name?.startsWith(`${stack}-`))).toEqual([]);
  });
});
