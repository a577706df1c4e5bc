/** The segment store over the table: the rule as it was last saved, judged by the profile as it was last written. */
import { explainRule } from '../../journey/evaluate-rule.ts';
import type { SegmentStore } from '../../ports/segment-store.ts';
import type { Table } from '../../ports/table.ts';
import { keys } from '../records/keys.ts';
import { profileFacts, profileOf } from '../records/profile.ts';
import { segmentOf } from '../records/segment.ts';

export function tableSegmentStore(table: Table): SegmentStore {
  return {
    find: async ({ tenant, segment, customer }) => {
      const [segmentRow, profileRow] = await Promise.all([
        table.get(keys.segment(tenant, segment)),
        table.get(keys.profile(tenant, customer)),
      ]);
      if (segmentRow === undefined) return undefined;
      const { rule } = segmentOf(tenant, segmentRow);
      const facts = { customer: profileFacts(customer, profileOf(profileRow)) };
      const { holds, because } = explainRule(rule, facts);
      return { isIn: holds, because };
    },
  };
}
