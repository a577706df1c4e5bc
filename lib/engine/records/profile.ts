/** The profile: what is known about a customer. Properties and preferences are merged key by key, tags are a set. */
import type { JsonObject } from '../../json.ts';
import type { Item } from '../../ports/table.ts';
import { keys, profilesIndex } from './keys.ts';

export interface Profile {
  readonly email?: string;
  readonly phone?: string;
  readonly name?: string;
  readonly properties: JsonObject;
  readonly preferences: JsonObject;
  readonly tags: readonly string[];
  readonly revision: number;
}

export const emptyProfile: Profile = { properties: {}, preferences: {}, tags: [], revision: 0 };

export function profileItem(tenant: string, customer: string, profile: Profile): Item {
  const { properties, preferences, tags, ...rest } = profile;
  return {
    ...keys.profile(tenant, customer),
    index: profilesIndex(tenant),
    ...rest,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(Object.keys(preferences).length > 0 ? { preferences } : {}),
    ...(tags.length > 0 ? { tags } : {}),
  };
}

export function profileOf(item: Item | undefined): Profile {
  if (item === undefined) return emptyProfile;
  const { pk: _pk, sk: _sk, index: _index, ...rest } = item;
  return { ...emptyProfile, ...rest };
}

/** As paths and templates see it: `customer.email`, `customer.properties.plan`, and `customer.plan` for short. */
export function profileFacts(customer: string, profile: Profile): JsonObject {
  const { revision: _revision, ...facts } = profile;
  return { ...profile.properties, id: customer, ...facts };
}
