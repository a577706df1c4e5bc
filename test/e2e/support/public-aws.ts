/** What a user of AWS does by hand and looks at: events on the bus, executions in the console, keys of the API. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateListStateMachines,
  SFNClient,
  type ExecutionListItem,
} from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { apiGatewayKeys } from '../../../lib/adapters/aws/api-gateway-keys.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { apiKeyOutput } from '../../../lib/cdk/physical-names.ts';
import type { Place } from './place.ts';
import { tenantApi, type TenantApi } from './tenant-api.ts';
import { until } from './waiting-until.ts';

export interface BusEvent {
  readonly tenant: string;
  readonly customer: string;
  readonly type: string;
  readonly data?: JsonObject;
  readonly id?: string;
}

const bridge = new EventBridgeClient({});
const sfn = new SFNClient({});

/** EventBridge takes no more at once. */
const entriesMax = 10;

export async function putEvents(bus: string, events: readonly BusEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += entriesMax) {
    await putDetails(
      bus,
      events.slice(from, from + entriesMax).map(({ type, ...detail }) => ({
        type,
        detail: JSON.stringify(detail),
      })),
    );
  }
}

/** Anything, also what is no event of ours. */
export async function putDetails(
  bus: string,
  entries: readonly { readonly type: string; readonly detail: string }[],
): Promise<void> {
  const { FailedEntryCount: failed } = await bridge.send(
    new PutEventsCommand({
      Entries: entries.map(({ type, detail }) => ({
        EventBusName: bus,
        Source: 'shop',
        DetailType: type,
        Detail: detail,
      })),
    }),
  );
  if (failed !== 0) throw new Error(`${failed ?? '?'} events were not taken`);
}

/** The API with the key that the deployment made for the tenant. */
export async function deployedApi(
  { apiUrl, outputs }: Pick<Place, 'apiUrl' | 'outputs'>,
  tenant: string,
): Promise<TenantApi> {
  const key = await apiGatewayKeys().valueOf(outputs[apiKeyOutput(tenant)] ?? '');
  if (key === undefined) throw new Error(`The deployment has no key for ${tenant}.`);
  return tenantApi(apiUrl, key);
}

export async function machineArn(name: string): Promise<string | undefined> {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
    const found = stateMachines.find((machine) => machine.name === name);
    if (found !== undefined) return found.stateMachineArn;
  }
  return undefined;
}

/** The executions of a machine, newest first. */
export async function executionsOf(machine: string): Promise<readonly ExecutionListItem[]> {
  const stateMachineArn = (await machineArn(machine)) ?? '';
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  return executions;
}

export async function executionOf(
  machine: string,
  instance: string,
): Promise<{ readonly arn: string; readonly status: string; readonly input: string }> {
  const arn = (await machineArn(machine)) ?? '';
  const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${instance}-1`;
  const { status = '', input = '' } = await sfn.send(
    new DescribeExecutionCommand({ executionArn }),
  );
  return { arn: executionArn, status, input };
}

const sqs = new SQSClient({});

/** Everything that was put on the bus before has been taken care of. */
export async function queuesAreEmpty({ outputs }: Pick<Place, 'outputs'>): Promise<void> {
  const queues = [outputs.EventQueueUrl ?? '', outputs.EntryQueueUrl ?? ''];
  let quiet = 0;
  await until('the queues are empty', async () => {
    const counts = await Promise.all(queues.map(messagesIn));
    quiet = counts.every((count) => count === 0) ? quiet + 1 : 0;
    return quiet === 2;
  });
}

/** Those that are being worked on among them. */
export async function messagesIn(queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}
