/**
 * The membership: the lock that keeps one customer at most once in one journey, and afterwards the trace of the last time. It
 * is written in one group with the instance, on entry and at the end (semantics 3.5); pausing does not release it.
 */
import type { Condition, Item, Write } from '../../ports/table.ts';
import type { Instance } from './instance.ts';
import { keys } from './keys.ts';

export interface Membership {
  /** The latest instance of this customer in this journey. */
  readonly instance: string;
  readonly live: boolean;
  /** Epoch milliseconds; present when no longer live. */
  readonly endedAt?: number;
}

export function membershipOf(item: Item): Membership {
  return item as unknown as Membership;
}

/** Takes the place, provided that nobody lives in it: `last` is what was read before, if anything. */
export function claimMembership(instance: Instance, last: Membership | undefined): Write {
  const free: Condition =
    last === undefined ? 'absent' : { equals: { instance: last.instance, live: false } };
  return {
    put: { ...keyOf(instance), instance: instance.id, live: true } satisfies Item & Membership,
    if: free,
  };
}

/** Gives the place free, in the same group that ends the instance. */
export function releaseMembership(instance: Instance, now: number): Write {
  return {
    put: {
      ...keyOf(instance),
      instance: instance.id,
      live: false,
      endedAt: now,
    } satisfies Item & Membership,
  };
}

function keyOf(instance: Instance): { pk: string; sk: string } {
  return keys.membership(instance.tenant, instance.customer, instance.journey);
}
