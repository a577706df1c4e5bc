/** Sends messages to a queue in as few calls as possible. SQS takes or refuses each message of a call by itself. */
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { awsFailure, type AwsFailure } from './aws-failure.ts';

export interface QueueMessage {
  readonly body: string;
  /** Beside the body, by name. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const messagesMax = 10;
/** Of all messages of one call; the oldest limit that queues and emulators have. */
const bytesMax = 250_000;
/** The SDK itself repeats calls that fail as a whole. */
const attemptsMax = 3;

/** Undefined when all are in the queue; else why some are not. Which ones, nobody needs to know: all can be sent again. */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
): Promise<AwsFailure | undefined> {
  for (const call of calls(messages)) {
    const failure = await sendCall(client, queueUrl, call);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

async function sendCall(
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
): Promise<AwsFailure | undefined> {
  let entries = messages.map(entryOf);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
      );
      const [failed] = answer.Failed ?? [];
      if (failed === undefined) return undefined;
      const name = failed.Code ?? 'Error';
      if (failed.SenderFault === true) return { kind: 'refused', name, what: name };
      if (attempt === attemptsMax) return { kind: 'broken', name, what: name };
      const again = new Set(answer.Failed?.map(({ Id }) => Id));
      entries = entries.filter(({ Id }) => again.has(Id));
    } catch (error) {
      return awsFailure(error);
    }
  }
}

function calls(messages: readonly QueueMessage[]): readonly (readonly QueueMessage[])[] {
  const groups: QueueMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = sizeOf(message);
    if (bytes + size > bytesMax || groups.at(-1)?.length === messagesMax) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(message);
    bytes += size;
  }
  return groups;
}

/** Names, types and values of attributes count as the body does. */
function sizeOf({ body, attributes = {} }: QueueMessage): number {
  const beside = Object.entries(attributes).flatMap(([name, value]) => [name, 'String', value]);
  return [body, ...beside].reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}

function entryOf(
  { body, attributes = {} }: QueueMessage,
  place: number,
): SendMessageBatchRequestEntry {
  const beside: SendMessageBatchRequestEntry['MessageAttributes'] = {};
  for (const [name, value] of Object.entries(attributes)) {
    beside[name] = { DataType: 'String', StringValue: value };
  }
  return { Id: String(place), MessageBody: body, MessageAttributes: beside };
}
