/**
 * Bookends keep pages full where keys grow with time. LMDB fills a page when keys are added at its end, but halves it when a key has
 * to go before another one; and the newest instance of one tenant always goes before what comes next in the tree. A bookend is a
 * record of half a page that stays between the two: it begins a page, so what is added before it goes to the end of the page before.
 */
import { partEnd, type ByteString } from '../byte-string.ts';

export interface Bookend {
  readonly key: ByteString;
  /**
   * Written before the bookend and removed after it, in the same transaction: both together fill a page, so that the tree has to
   * break there.
   */
  readonly helper: ByteString;
  readonly value: Buffer;
}

/** So many new keys with nothing of the tree between them are a sequence. */
const sequenceMin = 16;
/** Bytes that UTF-8 never contains, and that nothing else in a key uses. */
const bookendByte = '\xfd';
const helperByte = '\xfc';
/** As much as LMDB keeps on a page with something else. */
const value = Buffer.alloc(1_900);

/** `keys` are about to be put; `next` answers the first key of the tree above a given one. */
export function planBookends(
  keys: Iterable<ByteString>,
  next: (key: ByteString) => ByteString | undefined,
): Bookend[] {
  const sorted = [...keys].sort();
  const planned = new Set<ByteString>();
  for (let at = sequenceMin - 1; at < sorted.length; at += sequenceMin) {
    const above = next(sorted[at - sequenceMin + 1] as ByteString);
    const last = sorted[at] as ByteString;
    const stem = above === undefined || above <= last ? '' : stemBetween(last, above);
    if (stem !== '') planned.add(stem);
  }
  return [...planned].map((stem) => ({
    key: stem + bookendByte,
    helper: stem + helperByte,
    value,
  }));
}

/**
 * What all keys that follow `last` before `above` have in common with it; empty when there is nothing between them, a bookend is
 * already there, or they belong to one partition or index value, whose records must stay among themselves.
 */
function stemBetween(last: ByteString, above: ByteString): ByteString {
  if (above.endsWith(bookendByte)) return '';
  let shared = 0;
  while (shared < last.length && last[shared] === above[shared]) shared += 1;
  const stem = last.slice(0, shared + 1);
  return shared === last.length || stem.includes(partEnd) ? '' : stem;
}
