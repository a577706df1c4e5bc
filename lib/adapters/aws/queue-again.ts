/** Puts messages of a queue into it once more, as new ones, so that it neither puts them aside nor forgets them. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { KalciferError } from '../../kalcifer-error.ts';
import { patience } from './patience.ts';
import { sendMessages } from './send-messages.ts';

export interface QueueAgainOptions {
  readonly queueUrl: string;
  readonly client?: SQSClient;
}

/**
 * Some may be there twice afterwards.
 *
 * Errors: `queue.unavailable`: some may not be there, so that none may be taken out.
 */
export function queueAgain({
  queueUrl,
  client = new SQSClient(patience),
}: QueueAgainOptions): (bodies: readonly string[]) => Promise<void> {
  return async (bodies) => {
    const messages = bodies.map((body) => ({ body }));
    const failure = await sendMessages(client, queueUrl, messages);
    if (failure === undefined) return;
    throw new KalciferError(
      'queue.unavailable',
      `The queue did not take all messages: ${failure.what}.`,
    );
  };
}
