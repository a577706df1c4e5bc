/** The segment: a name for the customers whose profiles meet a rule. Who they are is never stored, only computed. */
import type { Rule } from '../../journey/rule.ts';
import type { Json } from '../../json.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';

export interface Segment {
  readonly tenant: string;
  readonly id: string;
  /** For people. */
  readonly name?: string;
  /** Over the facts of a profile: every path begins with `customer.`. */
  readonly rule: Rule;
  readonly revision: number;
  /** Journeys of which some version asks for the segment; kept until the segment is deleted. */
  readonly usedBy: readonly string[];
  /** Whether some journey lets customers in by it: from then on, changes of profiles are compared with it. */
  readonly isFollowed: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly changedAt: number;
}

export function segmentItem(segment: Segment): Item {
  const { tenant, id, rule, usedBy, ...rest } = segment;
  return {
    ...keys.segment(tenant, id),
    ...rest,
    rule: rule as unknown as Json,
    usedBy: [...usedBy],
  };
}

export function segmentOf(tenant: string, item: Item): Segment {
  const { pk: _pk, sk, ...rest } = item;
  const [id] = keyParts(sk);
  return { ...rest, tenant, id } as unknown as Segment;
}
