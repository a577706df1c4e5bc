/** Writes the rows of the history queue into ClickHouse. While that is away, the messages go back to their queue. */
import type { SQSBatchResponse } from 'aws-lambda';
import type { z } from 'zod';
import { recordMessages } from '../../lib/analytics/record-messages.ts';
import { metric } from '../../lib/metric.ts';
import { door, type Handler } from '../_shared/door.ts';
import { historyAgain, openRecording, type OpenRecording } from '../_shared/recording.ts';
import { count } from '../_shared/metrics.ts';
import { namedError } from '../_shared/named-error.ts';
import { input } from './input.ts';

export const handler = recordHistory(() => openRecording(), historyAgain());

type Message = z.infer<typeof input>['Records'][number];

/**
 * The queue puts aside what it has handed out a thousand times. While ClickHouse is away that takes four days, and is no fault of
 * the messages: before that, they begin anew.
 */
const triesMost = 900;

/** @param again puts messages into the queue as new ones */
export function recordHistory(
  open: () => Promise<OpenRecording>,
  again: (bodies: readonly string[]) => Promise<void>,
): Handler<SQSBatchResponse> {
  let opened: Promise<OpenRecording> | undefined;

  /** The connection, or the password that it was made with, may be what is wrong. */
  const closeAfter = async (trouble: unknown): Promise<void> => {
    namedError(trouble);
    const failing = opened;
    opened = undefined;
    await (await failing?.catch(() => undefined))?.close();
  };

  /** Ids of those that the queue has to keep. */
  const giveBack = async (messages: readonly Message[]): Promise<SQSBatchResponse> => {
    const old = messages.filter(
      ({ attributes }) => attributes.ApproximateReceiveCount >= triesMost,
    );
    const renewed = new Set<Message>();
    try {
      if (old.length > 0) await again(old.map(({ body }) => body));
      for (const message of old) renewed.add(message);
    } catch (error) {
      namedError(error);
    }
    const kept = messages.filter((message) => !renewed.has(message));
    return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

  return door({
    input,
    work: async ({ Records }) => {
      const messages = Records.map(({ messageId, body }) => ({ id: messageId, body }));
      try {
        opened ??= open();
        const { rows, dead, trouble, ...recorded } = await recordMessages(await opened, messages);
        count({
          [metric.historyRecorded]: rows,
          [metric.historyRefused]: dead,
          [metric.historyDelayed]: recorded.again.length,
        });
        if (trouble !== undefined) await closeAfter(trouble);
        const ids = new Set(recorded.again);
        return await giveBack(Records.filter(({ messageId }) => ids.has(messageId)));
      } catch (error) {
        await closeAfter(error);
        count({ [metric.historyDelayed]: messages.length });
        return giveBack(Records);
      }
    },
  });
}
