/**
 * Where history comes from: the table, and the queue that its rows go to. This is a composition root: it names the adapters. All of
 * it is made at the first call, so that importing a function needs no settings.
 */
import { dynamodbTable } from '../../lib/adapters/aws/dynamodb-table.ts';
import { sqsHistorySink } from '../../lib/adapters/aws/sqs-history-sink.ts';
import { historyOfChanges } from '../../lib/engine/history/history-of-changes.ts';
import type { RowChange } from '../../lib/engine/history/row-change.ts';
import type { HistoryRow, HistorySink } from '../../lib/ports/history-sink.ts';
import { readSetting } from './read-setting.ts';

export interface Forwarding {
  readonly historyOf: (changes: readonly RowChange[]) => Promise<readonly HistoryRow[]>;
  readonly sink: HistorySink;
}

export function forwarding(): () => Forwarding {
  let made: Forwarding | undefined;
  return () =>
    (made ??= {
      historyOf: historyOfChanges(dynamodbTable({ tableName: readSetting('table') })),
      sink: sqsHistorySink({ queueUrl: readSetting('historyQueue') }),
    });
}
