/**
 * The presence: for each segment that lets customers into journeys, whether a customer was in it when somebody last looked. Coming
 * in is a change of this row, so it is noticed once, however many look (semantics 7.11 n).
 */
import type { Json } from '../../json.ts';
import type { Condition, Item, Write } from '../../ports/table.ts';
import { keys } from './keys.ts';
import type { Segment } from './segment.ts';

export interface Presence {
  readonly revision: number;
  /** By `seenKey`. */
  readonly segments: Readonly<Record<string, Seen>>;
}

export interface Seen {
  readonly isIn: boolean;
  /** Entries with a schedule that let the customer in when they look next, provided that the customer is still there. */
  readonly awaits?: readonly EntryPlace[];
}

export interface EntryPlace {
  readonly journey: string;
  readonly node: string;
}

/** A segment that was deleted and made again is another one. */
export function seenKey({ id, createdAt }: Pick<Segment, 'id' | 'createdAt'>): string {
  return `${createdAt} ${id}`;
}

export function presenceOf(item: Item | undefined): Presence {
  return item === undefined
    ? { revision: 0, segments: {} }
    : { revision: item.revision ?? 0, segments: item.segments as unknown as Presence['segments'] };
}

/** Keeps what was seen, on the condition that nobody else has looked in between. */
export function keepPresence(
  of: { readonly tenant: string; readonly customer: string },
  before: Presence,
  segments: Presence['segments'],
): Write {
  const unchanged: Condition = before.revision === 0 ? 'absent' : { revision: before.revision };
  return {
    put: {
      ...keys.presence(of.tenant, of.customer),
      revision: before.revision + 1,
      segments: segments as unknown as Json,
    },
    if: unchanged,
  };
}
