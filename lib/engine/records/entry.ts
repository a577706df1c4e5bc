/** The entry: which active journey a trigger opens, and for whom. One row per entry node of every active version. */
import type { Rule } from '../../journey/rule.ts';
import type { Json } from '../../json.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys, type EntryKey } from './keys.ts';

export interface Entry extends EntryKey {
  readonly filter?: Rule;
  /** When a segment is looked at; without it, at each change of a profile. */
  readonly schedule?: string;
}

export function entryItem(tenant: string, entry: Entry): Item {
  return {
    ...keys.entry(tenant, entry),
    ...(entry.filter === undefined ? {} : { filter: entry.filter as unknown as Json }),
    ...(entry.schedule === undefined ? {} : { schedule: entry.schedule }),
  };
}

export function entryOf(item: Item): Entry {
  const [kind, trigger, journey, node] = keyParts(item.sk);
  const filter = item.filter as unknown as Rule | undefined;
  const schedule = item.schedule as string | undefined;
  return {
    kind,
    trigger,
    journey,
    node,
    ...(filter === undefined ? {} : { filter }),
    ...(schedule === undefined ? {} : { schedule }),
  } as Entry;
}
