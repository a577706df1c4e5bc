/** Applies what a node or a caller wants changed in a profile: a pure function, so that doing it twice gives the same profile. */
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Effect } from '../../nodes/node-type.ts';
import type { Profile } from '../records/profile.ts';

/** @returns the changed profile, or the same value when nothing changes */
export function changeProfile(profile: Profile, effects: readonly Effect[]): Profile {
  let changed = profile;
  for (const effect of effects) changed = applyEffect(changed, effect);
  return changed === profile ? profile : { ...changed, revision: profile.revision + 1 };
}

function applyEffect(profile: Profile, effect: Effect): Profile {
  switch (effect.kind) {
    case 'add_tag':
      return profile.tags.includes(effect.tag)
        ? profile
        : { ...profile, tags: [...profile.tags, effect.tag] };
    case 'remove_tag':
      return profile.tags.includes(effect.tag)
        ? { ...profile, tags: profile.tags.filter((tag) => tag !== effect.tag) }
        : profile;
    case 'change_profile':
      return Object.entries(effect.fields).reduce<Profile>(
        (changed, [path, value]) => setPath(changed, path.split('.'), value) as unknown as Profile,
        profile,
      );
    case 'convert':
      return profile;
  }
}

/** Sets one dotted path and leaves every other key as it is. */
function setPath(target: object, path: readonly string[], value: Json): JsonObject {
  const [key, ...rest] = path;
  const fields = target as JsonObject;
  if (key === undefined) return fields;
  if (rest.length === 0) return { ...fields, [key]: value };
  const child = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return { ...fields, [key]: setPath(isJsonObject(child) ? child : {}, rest, value) };
}
