/** Batches of queue messages: each succeeds or goes back to the queue by itself. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { isDeeperThan, messageDepthMax } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { metric } from '../../lib/metric.ts';
import { checkInput } from './check-input.ts';
import { count } from './metrics.ts';
import { namedError } from './named-error.ts';

/** What Lambda hands over from a queue; `body` is what somebody put there. */
export const queueMessage = z.object({ messageId: z.string().min(1), body: z.string() });

export const queueBatch = z.object({ Records: z.array(queueMessage).max(10_000) });

export type QueueBatch = z.infer<typeof queueBatch>;

export interface MessageWork<Message> {
  readonly message: z.ZodType<Message>;
  readonly work: (message: Message) => Promise<void>;
  /** Messages with the same key are worked off one after the other, as they came; the others beside each other. */
  readonly keyOf?: (message: Message) => string;
}

/** A message that is not what the queue is for fails each time, and so comes to its dead-letter queue, where somebody sees it. */
export async function workOff<Message>(
  batch: QueueBatch,
  { message: schema, work, keyOf }: MessageWork<Message>,
): Promise<SQSBatchResponse> {
  const inTurn = turns();
  const workOne = async ({ messageId, body }: SQSRecord): Promise<void> => {
    try {
      const message = readMessage(schema, body);
      const key = keyOf?.(message) ?? messageId;
      await inTurn(key, () => work(message));
    } catch (error) {
      throw namedError(error, { queue_message: messageId });
    }
  };
  return processPartialResponse(batch, workOne, new BatchProcessor(EventType.SQS), {
    throwOnFullBatchFailure: false,
  });
}

function readMessage<Message>(schema: z.ZodType<Message>, body: string): Message {
  try {
    const message = jsonOf(body);
    if (!isDeeperThan(messageDepthMax, message)) return checkInput(schema, message);
    throw new KalciferError(
      'function.input',
      `The message is nested deeper than ${messageDepthMax} levels.`,
    );
  } catch (error) {
    count({ [metric.messagesRefused]: 1 });
    throw error;
  }
}

/** The words of a parser repeat what it stumbled over. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new KalciferError('function.input', 'The message is not JSON.');
  }
}

/** Work by key: what comes later waits for what came before, however that ended. */
function turns(): (key: string, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    last.set(key, mine);
    return mine;
  };
}
