/** Sets of boundaries by partition, each in order: the further chunks that a tree does not know as they are. */
import type { ByteString } from '../byte-string.ts';

export interface Boundaries {
  add(partition: ByteString, boundary: ByteString): void;
  remove(partition: ByteString, boundary: ByteString): void;
  /** In order. */
  of(partition: ByteString): readonly ByteString[];
  /** The highest one at or below the sort key that counts. */
  floor(
    partition: ByteString,
    sort: ByteString,
    counts: (boundary: ByteString) => boolean,
  ): ByteString | undefined;
}

export function createBoundaries(): Boundaries {
  const lists = new Map<ByteString, ByteString[]>();
  return {
    add(partition, boundary) {
      const list = lists.get(partition) ?? [];
      const at = placeOf(list, boundary);
      if (list[at] !== boundary) list.splice(at, 0, boundary);
      lists.set(partition, list);
    },

    remove(partition, boundary) {
      const list = lists.get(partition) ?? [];
      const at = placeOf(list, boundary);
      if (list[at] === boundary) list.splice(at, 1);
      if (list.length === 0) lists.delete(partition);
    },

    of: (partition) => lists.get(partition) ?? [],

    floor(partition, sort, counts) {
      const list = lists.get(partition) ?? [];
      const at = placeOf(list, sort);
      for (let i = list[at] === sort ? at : at - 1; i >= 0; i -= 1) {
        const boundary = list[i] as ByteString;
        if (counts(boundary)) return boundary;
      }
      return undefined;
    },
  };
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
