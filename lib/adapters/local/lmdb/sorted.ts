/** Sorted lists of byte strings without duplicates. Each function answers a list and leaves the given one as it was. */
import type { ByteString } from '../byte-string.ts';

export function insertSorted(list: readonly ByteString[], entry: ByteString): ByteString[] {
  const at = placeOf(list, entry);
  return list[at] === entry ? [...list] : list.toSpliced(at, 0, entry);
}

export function removeSorted(list: readonly ByteString[], entry: ByteString): ByteString[] {
  const at = placeOf(list, entry);
  return list[at] === entry ? list.toSpliced(at, 1) : [...list];
}

/** The highest entry at or below the wanted one that counts. */
export function floorOf(
  list: readonly ByteString[],
  wanted: ByteString,
  counts: (entry: ByteString) => boolean,
): ByteString | undefined {
  const at = placeOf(list, wanted);
  for (let i = list[at] === wanted ? at : at - 1; i >= 0; i -= 1) {
    const entry = list[i] as ByteString;
    if (counts(entry)) return entry;
  }
  return undefined;
}

/** The first place whose entry is not below the wanted one. */
function placeOf(list: readonly ByteString[], wanted: ByteString): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as ByteString) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
