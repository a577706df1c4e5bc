/** Customers: their profiles as callers write and read them. */
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import { checkIds, checkProfile } from '../check-input.ts';
import { definedFields } from '../defined-fields.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import { moveProfile, readProfile } from './profile-change.ts';
import { keys } from '../records/keys.ts';
import { profileOf, type Profile } from '../records/profile.ts';

export interface CustomerRequest {
  readonly tenant: string;
  readonly customer: string;
  readonly email?: string;
  readonly phone?: string;
  readonly name?: string;
  readonly properties?: JsonObject;
  readonly preferences?: JsonObject;
  /** Replaces the set of tags. */
  readonly tags?: readonly string[];
}

/**
 * Merges what is given into the profile: fields that are not mentioned stay, properties and preferences key by key. Journeys whose
 * exit criteria hold from now on have let the customer go when this answers.
 *
 * @throws KalciferError `input.invalid`, also when the profile would outgrow its row
 */
export async function saveCustomer(ctx: EngineContext, request: CustomerRequest): Promise<Profile> {
  const { tenant, customer, properties, preferences, tags, ...given } = request;
  const fields = definedFields(given);
  checkIds({ tenant, customer });
  const { after, follow } = await lookAgain(async () => {
    const now = ctx.clock.now();
    const read = await readProfile(ctx, { tenant, customer });
    const before = read.profile;
    const after: Profile = {
      ...before,
      ...fields,
      properties: { ...before.properties, ...properties },
      preferences: { ...before.preferences, ...preferences },
      tags: tags === undefined ? before.tags : [...new Set(tags)],
      revision: before.revision + 1,
    };
    checkProfile(after);
    const { writes, follow } = await moveProfile(ctx, read, after, now);
    const answer = await ctx.table.write({ name: 'profile.save', writes });
    return answer.done ? { after, follow } : 'conflict';
  });
  await follow();
  return after;
}

/** @throws KalciferError `customer.unknown` */
export async function readCustomer(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly customer: string },
): Promise<Profile> {
  const item = await ctx.table.get(keys.profile(of.tenant, of.customer));
  if (item === undefined) {
    throw new KalciferError('customer.unknown', `There is no customer "${of.customer}".`);
  }
  return profileOf(item);
}
