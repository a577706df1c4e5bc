/**
 * Looks at one customer for one scheduled entry: has the customer come into the segment since somebody last looked? What is found
 * is written on the condition that profile and presence are as they were read, so two who look at once find it once.
 */
import { evaluateRule } from '../../journey/evaluate-rule.ts';
import type { Item } from '../../ports/table.ts';
import { admit } from '../enrolment/admit.ts';
import type { EngineContext } from '../engine-context.ts';
import type { FollowedSegment } from '../segments/followed-segments.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { lookAgain, type Conflict } from '../look-again.ts';
import { admissionFor, admissionItem, type Admission } from '../records/admission.ts';
import { keyParts, keys } from '../records/keys.ts';
import { keepPresence, presenceOf, seenKey, type EntryPlace } from '../records/presence.ts';
import { profileFacts, profileOf, type Profile } from '../records/profile.ts';
import { openEntry, seeCustomer } from './see-customer.ts';

export interface Looking {
  readonly tenant: string;
  readonly followed: FollowedSegment;
  readonly entry: EntryPlace;
}

/** @param row the profile as the index has it; it is read again when it turns out to be old */
export async function lookAtCustomer(
  ctx: EngineContext,
  looking: Looking,
  row: Item,
): Promise<void> {
  const { tenant } = looking;
  const customer = keyParts(row.pk)[2] ?? '';
  let profile = profileOf(row);
  const admission = await lookAgain(async () => {
    const answer = await lookOnce(ctx, looking, customer, profile);
    if (answer === 'conflict') {
      profile = profileOf(await ctx.table.get(keys.profile(tenant, customer)));
    }
    return answer;
  });
  if (admission !== 'nothing') await orLeaveToSweeper(() => admit(ctx, admission));
}

async function lookOnce(
  ctx: EngineContext,
  { tenant, followed, entry }: Looking,
  customer: string,
  profile: Profile,
): Promise<Admission | 'nothing' | Conflict> {
  const of = { tenant, customer };
  const presence = presenceOf(await ctx.table.get(keys.presence(tenant, customer)));
  const key = seenKey(followed.segment);
  const before = presence.segments[key];
  const facts = { customer: profileFacts(customer, profile) };
  const isIn = evaluateRule(followed.segment.rule, facts);
  // Of whom nobody has seen anything, the profile is as it was when journeys began to look.
  const wasIn = before?.isIn ?? isIn;
  const { seen, entries } = openEntry(seeCustomer(followed, before, wasIn, isIn), entry);
  if (seen === before) return 'nothing';

  const admission = admissionFor(of, presence, entries, ctx.clock.now());
  const answer = await ctx.table.write({
    name: 'segment.look',
    writes: [
      { check: keys.profile(tenant, customer), if: { revision: profile.revision } },
      keepPresence(of, presence, { ...presence.segments, [key]: seen }),
      ...(entries.length === 0 ? [] : [{ put: admissionItem(admission) }]),
    ],
  });
  if (!answer.done) return 'conflict';
  return entries.length === 0 ? 'nothing' : admission;
}
