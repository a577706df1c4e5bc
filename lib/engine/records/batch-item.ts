/**
 * The batch item: remembers which instance an item of a batch enrolment created, so that sending the batch again creates nothing.
 * Written in one group with the instance; kept for a week, as received events are.
 */
import type { Item, Write } from '../../ports/table.ts';
import { keys } from './keys.ts';

export interface BatchItemRecord {
  readonly instance: string;
  /** Epoch milliseconds of the enrolment. */
  readonly at: number;
}

const keptSeconds = 7 * 86_400;

export function putBatchItem(
  tenant: string,
  journey: string,
  id: string,
  record: BatchItemRecord,
): Write {
  return {
    put: {
      ...keys.batchItem(tenant, journey, id),
      ...record,
      expiresAt: Math.ceil(record.at / 1000) + keptSeconds,
    },
    if: 'absent',
  };
}

export function batchItemOf(item: Item): BatchItemRecord {
  return { instance: item.instance as string, at: item.at as number };
}
