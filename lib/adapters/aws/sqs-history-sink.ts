/** History goes through a queue: it keeps the rows while ClickHouse is away, and the engine does not notice. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { writeHistoryMessages } from '../../history-message.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { HistorySink } from '../../ports/history-sink.ts';
import { patience } from './patience.ts';
import { sendMessages } from './send-messages.ts';

export interface SqsHistorySinkOptions {
  readonly queueUrl: string;
  readonly client?: SQSClient;
}

export function sqsHistorySink({
  queueUrl,
  client = new SQSClient(patience),
}: SqsHistorySinkOptions): HistorySink {
  return {
    record: async (rows) => {
      const messages = writeHistoryMessages(rows).map((body) => ({ body }));
      const failure = await sendMessages(client, queueUrl, messages);
      if (failure === undefined) return;
      throw new KalciferError(
        'history.unavailable',
        `The history queue did not take all rows: ${failure.what}.`,
      );
    },
  };
}
