/**
 * A profile changes -> which segments the customer comes into by it, and what follows. All of it is written in the group that
 * changes the profile, so a change and what it means happen together or not at all.
 */
import { evaluateRule } from '../../journey/evaluate-rule.ts';
import type { Write } from '../../ports/table.ts';
import { admit } from '../enrolment/admit.ts';
import type { EngineContext } from '../engine-context.ts';
import { followedSegments, type FollowedSegment } from '../segments/followed-segments.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { admissionFor, admissionItem } from '../records/admission.ts';
import { keys } from '../records/keys.ts';
import {
  keepPresence,
  presenceOf,
  seenKey,
  type EntryPlace,
  type Seen,
} from '../records/presence.ts';
import { profileFacts, type Profile } from '../records/profile.ts';
import { seeCustomer, type Sight } from './see-customer.ts';

export interface ProfileChange {
  readonly tenant: string;
  readonly customer: string;
  /** Absent for a customer who is new. */
  readonly before?: Profile;
  readonly after: Profile;
}

export interface Following {
  /** Belong into the group that changes the profile. */
  readonly writes: readonly Write[];
  /** To be called when that group is written. */
  readonly follow: () => Promise<void>;
}

const nothingFollows: Following = { writes: [], follow: () => Promise.resolve() };

export async function followProfile(ctx: EngineContext, change: ProfileChange): Promise<Following> {
  const followed = await followedSegments(ctx, change.tenant);
  if (followed.length === 0) return nothingFollows;
  const { tenant, customer } = change;
  const presence = presenceOf(await ctx.table.get(keys.presence(tenant, customer)));
  const seen: Record<string, Seen> = {};
  const entries: EntryPlace[] = [];
  for (const each of followed) {
    const key = seenKey(each.segment);
    const sight = sightOf(each, change, presence.segments[key]);
    if (sight.seen !== presence.segments[key]) seen[key] = sight.seen;
    entries.push(...sight.entries);
  }
  if (Object.keys(seen).length === 0) return nothingFollows;
  const keep = keepPresence(change, presence, { ...presence.segments, ...seen });
  if (entries.length === 0) return { ...nothingFollows, writes: [keep] };
  const admission = admissionFor(change, presence, entries, ctx.clock.now());
  return {
    writes: [keep, { put: admissionItem(admission) }],
    follow: () => orLeaveToSweeper(() => admit(ctx, admission)),
  };
}

/**
 * A customer who met the rule before this change was in already, unless somebody has seen otherwise: then the rule has become
 * wider since, and it is noticed now. A customer who is new was in no segment.
 */
function sightOf(
  followed: FollowedSegment,
  { customer, before, after }: ProfileChange,
  seen: Seen | undefined,
): Sight {
  const meets = (profile: Profile): boolean =>
    evaluateRule(followed.segment.rule, { customer: profileFacts(customer, profile) });
  const wasIn = before !== undefined && meets(before) && seen?.isIn !== false;
  return seeCustomer(followed, seen, wasIn, meets(after));
}
