/**
 * The promise: a row that says "another system still has to learn this of the instance": its execution has to start, or a
 * decided outcome has to reach it. It is written in the group that decides and deleted by the step that proves the promise kept,
 * so the sweeper finds exactly what a crash left undone (semantics 7.5, 7.6).
 */
import type { Item, Write } from '../../ports/table.ts';
import type { Instance } from './instance.ts';
import { keys } from './keys.ts';

export interface Promised {
  readonly instance: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When the other system was last asked, in epoch milliseconds. */
  readonly askedAt: number;
}

export function promise(instance: Pick<Instance, 'tenant' | 'id'>, now: number): Write {
  return { put: { ...keys.promise(instance.tenant, instance.id), since: now } };
}

export function keepPromise(instance: Instance): Write {
  return { delete: keys.promise(instance.tenant, instance.id) };
}

/** The other system has been asked once more, unless the promise was kept meanwhile or is another one. */
export function askedAgain(tenant: string, { instance, since }: Promised, now: number): Write {
  return {
    put: { ...keys.promise(tenant, instance), since, askedAt: now },
    if: { equals: { since } },
  };
}

export function promisedOf(item: Item): Promised {
  const since = item.since as number;
  return { instance: item.sk, since, askedAt: (item.askedAt as number | undefined) ?? since };
}
