/** Dead letters are kept in a queue; why each is there stands beside it, as the attribute `why`. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { KalciferError } from '../../kalcifer-error.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import { patience } from './patience.ts';
import { sendMessages } from './send-messages.ts';

export interface SqsDeadLettersOptions {
  readonly queueUrl: string;
  readonly client?: SQSClient;
}

export function sqsDeadLetters({
  queueUrl,
  client = new SQSClient(patience),
}: SqsDeadLettersOptions): DeadLetters {
  return {
    put: async (letters) => {
      const messages = letters.map(({ body, why }) => ({ body, attributes: { why } }));
      const failure = await sendMessages(client, queueUrl, messages);
      if (failure === undefined) return;
      throw new KalciferError(
        'dead_letters.unavailable',
        `The queue of dead letters did not take them all: ${failure.what}.`,
      );
    },
  };
}
