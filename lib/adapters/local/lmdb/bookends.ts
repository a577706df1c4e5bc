/**
 * Bookends keep pages full where keys grow with time. LMDB fills a page when keys are added at its end, but halves it when a key has
 * to go before another one; and the newest instance of one tenant always goes before what comes next in the tree. A bookend is a
 * record of half a page that stays between the two: it begins a page, so what is added before it goes to the end of the page before.
 */
import { partEnd, type ByteString } from '../byte-string.ts';
import type { Changes, TreeName } from './changes.ts';
import type { Bookends, LmdbFile } from './lmdb-file.ts';

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

/** Says before each transaction where pages should break. */
export interface BookendPlanner {
  plan(changes: Changes, file: LmdbFile): Bookends;
}

/** Where sequences end hardly ever changes: after so many transactions without a new bookend ... */
const quietAfter = 32;
/** ... only one in so many is looked at. */
const lookedAtEvery = 16;

export function createBookendPlanner(): BookendPlanner {
  let withoutNew = 0;
  return {
    plan(changes, file) {
      withoutNew += 1;
      if (withoutNew > quietAfter && withoutNew % lookedAtEvery !== 0) return {};
      const planFor = (tree: TreeName): Bookend[] =>
        planBookends(changes[tree].keys(), (key) => firstAbove(file, tree, key));
      const bookends = { items: planFor('items'), index: planFor('index') };
      if (bookends.items.length + bookends.index.length > 0) withoutNew = 0;
      return bookends;
    },
  };
}

const highestKey = '\xff';

function firstAbove(file: LmdbFile, tree: TreeName, key: ByteString): ByteString | undefined {
  for (const next of file.keys(tree, { start: `${key}\0`, end: highestKey })) return next;
  return undefined;
}

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
