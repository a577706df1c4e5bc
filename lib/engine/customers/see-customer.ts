/**
 * What was seen of a customer and a segment -> what is seen now, and which entries the customer comes in by. Pure: who writes it,
 * and on which condition, is the caller's business.
 */
import type { FollowedSegment } from '../segments/followed-segments.ts';
import type { EntryPlace, Seen } from '../records/presence.ts';

export interface Sight {
  /** The same value as before when nothing has changed. */
  readonly seen: Seen;
  /** Entries that let the customer in now. */
  readonly entries: readonly EntryPlace[];
}

/** Coming in opens the entries without a schedule; the others are remembered until they look, or until the customer leaves. */
export function seeCustomer(
  { atOnce, scheduled }: Pick<FollowedSegment, 'atOnce' | 'scheduled'>,
  before: Seen | undefined,
  wasIn: boolean,
  isIn: boolean,
): Sight {
  if (!isIn) return { seen: before?.isIn === false ? before : { isIn }, entries: [] };
  if (wasIn) return { seen: before?.isIn === true ? before : { isIn }, entries: [] };
  const seen = { isIn, ...(scheduled.length === 0 ? {} : { awaits: scheduled }) };
  return { seen, entries: atOnce };
}

/** An entry looks: whoever awaits it comes in by it, and awaits it no more. */
export function openEntry(sight: Sight, entry: EntryPlace): Sight {
  const { awaits = [], ...seen } = sight.seen;
  const others = awaits.filter((other) => !isSame(other, entry));
  if (others.length === awaits.length) return sight;
  return {
    seen: { ...seen, ...(others.length === 0 ? {} : { awaits: others }) },
    entries: [...sight.entries, entry],
  };
}

function isSame(a: EntryPlace, b: EntryPlace): boolean {
  return a.journey === b.journey && a.node === b.node;
}
