/**
 * The received event: remembers an event id and what the event was found to concern, so that a repeated delivery finishes what
 * the first one began and never matches anything new (semantics 3.5, 7.11 b). Kept for a week.
 */
import type { Json } from '../../json.ts';
import type { Item } from '../../ports/table.ts';
import { keys } from './keys.ts';

export interface ReceivedEventRecord {
  /** Epoch milliseconds of the first delivery. */
  readonly at: number;
  /** What is still to be done when a delivery died half-way; absent when everything was done. */
  readonly plan?: EventPlan;
}

/** What an event concerns: waits first, then entries. */
export interface EventPlan {
  readonly waits: readonly { readonly instance: string; readonly node: string }[];
  readonly entries: readonly { readonly journey: string; readonly node: string }[];
}

const keptSeconds = 7 * 86_400;

export function receivedEventItem(
  tenant: string,
  event: string,
  record: ReceivedEventRecord,
): Item {
  return {
    ...keys.event(tenant, event),
    at: record.at,
    ...(record.plan === undefined ? {} : { plan: record.plan as unknown as Json }),
    expiresAt: Math.ceil(record.at / 1000) + keptSeconds,
  };
}

export function receivedEventOf(item: Item): ReceivedEventRecord {
  return item as unknown as ReceivedEventRecord;
}
