/**
 * What a tree answers, corrected by what has changed since: both in order, the change winning where both have a key.
 */
import type { ByteString } from '../byte-string.ts';

export interface Keyed {
  readonly key: ByteString;
}

/**
 * `changed` are the keys that changed, in the order of reading; `current` answers what one of them has become, undefined when it is
 * gone.
 */
export function* mergeChanges<Entry extends Keyed>(
  stored: Iterable<Entry>,
  changed: readonly ByteString[],
  current: (key: ByteString) => Entry | undefined,
  reverse: boolean,
): Generator<Entry> {
  let next = 0;
  for (const entry of stored) {
    while (next < changed.length && isBefore(changed[next] as ByteString, entry.key, reverse)) {
      const own = current(changed[next] as ByteString);
      next += 1;
      if (own !== undefined) yield own;
    }
    if (changed[next] !== entry.key) yield entry;
  }
  for (const key of changed.slice(next)) {
    const own = current(key);
    if (own !== undefined) yield own;
  }
}

function isBefore(a: ByteString, b: ByteString, reverse: boolean): boolean {
  return reverse ? a > b : a < b;
}
