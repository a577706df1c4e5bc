import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTag, encodeTag, idsInMailTags, mailTagsOf } from '../lib/mail-tags.ts';

const tag = /^[A-Za-z0-9_-]{1,256}$/;

describe('a tag', () => {
  it.each([
    ['welcome_email', 'welcome_email'],
    ['T1', 'T1'],
    ['acme-eu', 'acme-eu'],
    ['a/b', '_YS9i'],
    ['grüße', '_Z3LDvMOfZQ'],
    ['_private', '_X3ByaXZhdGU'],
    ['-dash', '_LWRhc2g'],
    ['a b', '_YSBi'],
    ['', '_'],
    ['\ud83d', '-Pdg'],
  ])('of %j is %s', (id, expected) => {
    expect(encodeTag(id)).toBe(expected);
    expect(decodeTag(expected)).toBe(id);
  });

  it('for every text that fits: is one, and leads back to the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 64 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.stringMatching(/^[_A-Za-z0-9-]{0,128}$/),
    );
    fc.assert(
      fc.property(text, (id) => {
        fc.pre(id.length <= 95 || /^[\w-]*$/.test(id));
        const encoded = encodeTag(id);
        expect(encoded).toMatch(tag);
        expect(decodeTag(encoded ?? '')).toBe(id);
      }),
    );
  });

  it('of different texts is different', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(one !== other);
        expect(encodeTag(one)).not.toBe(encodeTag(other));
      }),
    );
  });

  it.each([
    ['an id of 128 bytes', '/'.repeat(128)],
    ['an id of 128 bytes in Japanese', '東'.repeat(42)],
    ['a node id of 64 Japanese characters', '東'.repeat(64)],
    ['a node id of 32 emoji', '🙂'.repeat(32)],
    ['256 letters', 'x'.repeat(256)],
  ])('has room for %s', (_what, id) => {
    expect(encodeTag(id)).toMatch(tag);
    expect(decodeTag(encodeTag(id) ?? '')).toBe(id);
  });

  it.each(['x'.repeat(257), '/'.repeat(192), '東'.repeat(96)])('is not cut: %#', (id) => {
    expect(encodeTag(id)).toBeUndefined();
  });

  it.each(['_YS9iX', '_Z3LDvMOfZ', '_d2VsY29tZQ', '-YQBiAA'])('%j was never given', (odd) => {
    expect(decodeTag(odd)).toBeUndefined();
  });
});

describe('the tags of a mail', () => {
  const ids = { tenant: 'acme', journey: 'welcome back', instance: '0Ab', node: 'mail/1' };

  it('are named after what they hold', () => {
    expect(mailTagsOf(ids)).toEqual({
      kalcifer_tenant: 'acme',
      kalcifer_journey: '_d2VsY29tZSBiYWNr',
      kalcifer_instance: '0Ab',
      kalcifer_node: '_bWFpbC8x',
    });
  });

  it('hold nothing else of a message', () => {
    const message = { ...ids, customer: 'c1', to: 'ada@example.com', body: 'secret' };
    expect(Object.keys(mailTagsOf(message))).toHaveLength(4);
  });

  it('lead back to the ids, as SES tells them', () => {
    const told = Object.fromEntries(
      Object.entries(mailTagsOf(ids)).map(([name, value]) => [name, [value]]),
    );
    expect(idsInMailTags({ ...told, 'ses:from-domain': ['acme.example'] })).toEqual(ids);
  });

  it('leave out an id that does not fit, and lead nowhere then', () => {
    const tags = mailTagsOf({ ...ids, node: '/'.repeat(300) });
    expect(Object.keys(tags)).toEqual(['kalcifer_tenant', 'kalcifer_journey', 'kalcifer_instance']);
    expect(idsInMailTags(tags)).toBeUndefined();
  });

  it('for every other thing: are not ours', () => {
    const value = fc.jsonValue();
    const tags = fc.oneof(
      value,
      fc.record({ kalcifer_tenant: value, kalcifer_journey: value, kalcifer_node: value }),
    );
    fc.assert(
      fc.property(tags, (given) => {
        expect(idsInMailTags(given)).toBeUndefined();
      }),
    );
  });
});
