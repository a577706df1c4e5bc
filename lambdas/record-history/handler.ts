/** Writes the rows of the history queue into ClickHouse. While that is away, the messages go back to their queue. */
import type { SQSBatchResponse } from 'aws-lambda';
import { recordMessages } from '../../lib/analytics/record-messages.ts';
import { metric } from '../../lib/metric.ts';
import { door, type Handler } from '../_shared/door.ts';
import { openRecording, type OpenRecording } from '../_shared/recording.ts';
import { count } from '../_shared/metrics.ts';
import { namedError } from '../_shared/named-error.ts';
import { input } from './input.ts';

export const handler = recordHistory(() => openRecording());

export function recordHistory(open: () => Promise<OpenRecording>): Handler<SQSBatchResponse> {
  let opened: Promise<OpenRecording> | undefined;

  /** The connection, or the password that it was made with, may be what is wrong. */
  const closeAfter = async (trouble: unknown): Promise<void> => {
    namedError(trouble);
    const failing = opened;
    opened = undefined;
    await (await failing?.catch(() => undefined))?.close();
  };

  return door({
    input,
    work: async ({ Records }) => {
      const messages = Records.map(({ messageId, body }) => ({ id: messageId, body }));
      try {
        opened ??= open();
        const { rows, dead, again, trouble } = await recordMessages(await opened, messages);
        count({
          [metric.historyRecorded]: rows,
          [metric.historyRefused]: dead,
          [metric.historyDelayed]: again.length,
        });
        if (trouble !== undefined) await closeAfter(trouble);
        return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
      } catch (error) {
        await closeAfter(error);
        count({ [metric.historyDelayed]: messages.length });
        return { batchItemFailures: messages.map(({ id }) => ({ itemIdentifier: id })) };
      }
    },
  });
}
