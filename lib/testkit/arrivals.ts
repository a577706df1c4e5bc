/**
 * The order in which instances came into being. Ids sort by the millisecond, but on a virtual clock many customers enter in the
 * same one; whoever asks for the oldest means the one that was enrolled first.
 */
import type { Instance } from '../engine/records/instance.ts';
import { keyParts } from '../engine/records/keys.ts';
import type { WriteGroup } from '../ports/table.ts';

export interface Arrivals {
  /** Looks at a group that was written. */
  note(group: WriteGroup): void;
  /** Oldest first; those of an earlier test kit come before those that this one has seen. */
  inOrder(a: Instance, b: Instance): number;
}

export function arrivals(): Arrivals {
  const places = new Map<string, number>();
  const placeOf = ({ id }: Instance): number => places.get(id) ?? -1;
  return {
    note: ({ name, writes }) => {
      if (name !== 'instance.enrol') return;
      for (const write of writes) {
        if (!('put' in write) || !('enteredAt' in write.put)) continue;
        const [, , id = ''] = keyParts(write.put.pk);
        places.set(id, places.size);
      }
    },
    inOrder: (a, b) =>
      a.enteredAt - b.enteredAt || placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1),
  };
}
