/**
 * Turns changes of the table into rows of history and puts them into the queue. Nothing of it is in the way of the engine: the
 * stream keeps the changes, for a day, until they have been taken.
 */
import type { DynamoDBBatchResponse } from 'aws-lambda';
import type { z } from 'zod';
import { metric } from '../../lib/metric.ts';
import { door, type Handler } from '../_shared/door.ts';
import { forwarding, type Forwarding } from '../_shared/forwarding.ts';
import { count } from '../_shared/metrics.ts';
import { namedError } from '../_shared/named-error.ts';
import { rowChangeOf } from '../_shared/row-change.ts';
import { input } from './input.ts';

export const handler = forwardHistory(forwarding());

type Change = z.infer<typeof input>['Records'][number];

/** What a trouble in the middle of a batch lets be told again. */
const changesAtATime = 250;

export function forwardHistory(to: () => Forwarding): Handler<DynamoDBBatchResponse> {
  return door({
    input,
    work: async ({ Records }) => {
      for (let from = 0; from < Records.length; from += changesAtATime) {
        const changes = Records.slice(from, from + changesAtATime);
        try {
          await forward(to(), changes);
        } catch (error) {
          namedError(error);
          // The stream goes on from here, with the changes behind it.
          const itemIdentifier = changes[0]?.dynamodb.SequenceNumber ?? '';
          return { batchItemFailures: [{ itemIdentifier }] };
        }
      }
      return { batchItemFailures: [] };
    },
  });
}

/** A change that cannot be read may not hold up those behind it. */
async function forward({ historyOf, sink }: Forwarding, records: readonly Change[]): Promise<void> {
  const changes = records.flatMap(({ dynamodb }) => rowChangeOf(dynamodb) ?? []);
  const unreadable = records.length - changes.length;
  if (unreadable > 0) count({ [metric.messagesRefused]: unreadable });
  const rows = await historyOf(changes);
  if (rows.length === 0) return;
  await sink.record(rows);
  count({ [metric.historyForwarded]: rows.length });
}
