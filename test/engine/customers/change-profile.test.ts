import { describe, expect, it } from 'vitest';
import { changeProfile } from '../../../lib/engine/customers/change-profile.ts';
import { emptyProfile, type Profile } from '../../../lib/engine/records/profile.ts';

const ada: Profile = {
  email: 'ada@example.com',
  properties: { plan: 'free', address: { city: 'London', zip: 'N1' } },
  preferences: { email: true },
  tags: ['early'],
  revision: 4,
};

describe('changeProfile', () => {
  it('sets a field and leaves the others as they are', () => {
    expect(
      changeProfile(ada, [
        { kind: 'change_profile', fields: { 'properties.plan': 'pro', name: 'Ada' } },
      ]),
    ).toEqual({
      email: 'ada@example.com',
      name: 'Ada',
      properties: { plan: 'pro', address: { city: 'London', zip: 'N1' } },
      preferences: { email: true },
      tags: ['early'],
      revision: 5,
    });
  });

  it('sets a nested property beside its siblings', () => {
    const changed = changeProfile(ada, [
      { kind: 'change_profile', fields: { 'properties.address.city': 'Paris' } },
    ]);
    expect(changed.properties).toEqual({ plan: 'free', address: { city: 'Paris', zip: 'N1' } });
  });

  it('makes room for a nested property where there was none', () => {
    const changed = changeProfile(emptyProfile, [
      { kind: 'change_profile', fields: { 'properties.a.b': 1 } },
    ]);
    expect(changed.properties).toEqual({ a: { b: 1 } });
  });

  it('keeps tags as a set', () => {
    const twice = changeProfile(ada, [
      { kind: 'add_tag', tag: 'vip' },
      { kind: 'add_tag', tag: 'vip' },
      { kind: 'remove_tag', tag: 'early' },
    ]);
    expect(twice.tags).toEqual(['vip']);
  });

  it('answers the same profile when nothing changes', () => {
    expect(changeProfile(ada, [{ kind: 'add_tag', tag: 'early' }])).toBe(ada);
    expect(changeProfile(ada, [{ kind: 'remove_tag', tag: 'never' }])).toBe(ada);
    expect(changeProfile(ada, [{ kind: 'convert', name: 'x' }])).toBe(ada);
  });

  it('writes a path that looks like a prototype as plain data', () => {
    const changed = changeProfile(emptyProfile, [
      { kind: 'change_profile', fields: { 'properties.__proto__.polluted': true } },
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(changed.properties)).toEqual(['__proto__']);
  });
});
