/** Sets of boundaries by partition: the further chunks that the data file does not have as they are. */
import type { ByteString } from '../byte-string.ts';

export interface Boundaries {
  add(partition: ByteString, boundary: ByteString): void;
  remove(partition: ByteString, boundary: ByteString): void;
  /** In no order: there may be thousands, and they change with every write. */
  of(partition: ByteString): Iterable<ByteString>;
}

export function createBoundaries(): Boundaries {
  const sets = new Map<ByteString, Set<ByteString>>();
  return {
    add(partition, boundary) {
      const set = sets.get(partition);
      if (set === undefined) sets.set(partition, new Set([boundary]));
      else set.add(boundary);
    },

    remove(partition, boundary) {
      const set = sets.get(partition);
      set?.delete(boundary);
      if (set?.size === 0) sets.delete(partition);
    },

    of: (partition) => sets.get(partition) ?? [],
  };
}
