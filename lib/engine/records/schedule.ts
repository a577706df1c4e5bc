/**
 * The schedule: when a journey next looks who has come into a segment, and how far the look that is under way has come. Whoever
 * writes the row for a time has claimed that time.
 */
import type { Json } from '../../json.ts';
import type { Item, Key } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';

export interface Schedule {
  readonly tenant: string;
  readonly journey: string;
  /** The entry node. */
  readonly node: string;
  readonly segment: string;
  readonly cron: string;
  /** The next time, in epoch milliseconds. */
  readonly dueAt: number;
  readonly look?: Look;
  readonly revision: number;
}

/** One pass over all profiles of the tenant. */
export interface Look {
  /** The last profile that was looked at; absent at the beginning. */
  readonly after?: Key;
  /** The process at it, and until when (epoch milliseconds) it may still be. */
  readonly owner: string;
  readonly leaseUntil: number;
}

export function scheduleItem(schedule: Schedule): Item {
  const { tenant, journey, node, look, ...rest } = schedule;
  return {
    ...keys.schedule(tenant, journey, node),
    ...rest,
    ...(look === undefined ? {} : { look: look as unknown as Json }),
  };
}

export function scheduleOf(item: Item): Schedule {
  const { pk: _pk, sk, ...rest } = item;
  const [tenant, journey, node] = keyParts(sk);
  return { ...rest, tenant, journey, node } as unknown as Schedule;
}
