/** Who is in a segment now: one customer, with the reason, or all of them, page by page. */
import { evaluateRule, explainRule } from '../../journey/evaluate-rule.ts';
import { checkIds } from '../check-input.ts';
import { readCustomer } from '../customers/customers.ts';
import type { EngineContext } from '../engine-context.ts';
import { keyParts, keys, profilesIndex } from '../records/keys.ts';
import { profileFacts, profileOf } from '../records/profile.ts';
import { readSegment } from './segments.ts';

interface Of {
  readonly tenant: string;
  readonly segment: string;
}

/** @throws KalciferError `segment.unknown`, `customer.unknown` */
export async function findInSegment(
  ctx: EngineContext,
  of: Of & { readonly customer: string },
): Promise<{ readonly isIn: boolean; readonly because: string }> {
  const { tenant, customer } = of;
  checkIds({ tenant, segment: of.segment, customer });
  const { rule } = await readSegment(ctx, of);
  const profile = await readCustomer(ctx, { tenant, customer });
  const { holds, because } = explainRule(rule, { customer: profileFacts(customer, profile) });
  return { isIn: holds, because };
}

export interface SegmentCustomersPage {
  /** Ids. */
  readonly customers: readonly string[];
  /** Id to go on after; absent at the end. */
  readonly next?: string;
}

/** One call looks at no more profiles than this, so a page of a small segment may be short and still have a next one. */
const lookedAtMax = 5_000;

const pageProfiles = 500;

/** @throws KalciferError `segment.unknown` */
export async function listSegmentCustomers(
  ctx: EngineContext,
  of: Of,
  page: { readonly limit: number; readonly after?: string },
): Promise<SegmentCustomersPage> {
  const { tenant } = of;
  const { rule } = await readSegment(ctx, of);
  const customers: string[] = [];
  let last = page.after;
  for (let lookedAt = 0; lookedAt < lookedAtMax; lookedAt += pageProfiles) {
    const { items, more } = await ctx.table.queryIndex({
      index: profilesIndex(tenant),
      limit: pageProfiles,
      ...(last === undefined ? {} : { after: keys.profile(tenant, last) }),
    });
    for (const item of items) {
      const customer = keyParts(item.pk)[2] ?? '';
      last = customer;
      if (!evaluateRule(rule, { customer: profileFacts(customer, profileOf(item)) })) continue;
      customers.push(customer);
      if (customers.length === page.limit) return { customers, next: customer };
    }
    if (!more) return { customers };
  }
  return { customers, ...(last === undefined ? {} : { next: last }) };
}
