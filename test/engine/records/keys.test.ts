import { describe, expect, it } from 'vitest';
import {
  entriesOf,
  instancePk,
  keyParts,
  keys,
  promisesPk,
  waitsOfType,
} from '../../../lib/engine/records/keys.ts';

describe('keys', () => {
  it('begins every key with the tenant', () => {
    expect(keys.instance('acme', 'i1')).toEqual({ pk: 'acme#i#i1', sk: 'i' });
    expect(keys.step('acme', 'i1', 'email_1')).toEqual({ pk: 'acme#i#i1', sk: 's#email_1' });
    expect(keys.membership('acme', 'c1', 'welcome')).toEqual({ pk: 'acme#c#c1', sk: 'm#welcome' });
    expect(keys.event('acme', 'e1')).toEqual({ pk: 'acme#e#e1', sk: 'e' });
    expect(keys.version('acme', 'welcome', 12)).toEqual({ pk: 'acme#j#welcome', sk: 'v#000012' });
    expect(promisesPk('acme', 3)).toBe('acme#p#3');
  });

  it('keeps ids apart that would meet in a composed key', () => {
    expect(keys.step('acme', 'i1', 'a#b').sk).toBe('s#a%23b');
    expect(instancePk('a#i#b', 'c')).toBe('a%23i%23b#i#c');
    expect(instancePk('a', 'i#b')).not.toBe(instancePk('a#i', 'b'));
    expect(keys.membership('t', 'c%23', 'j').pk).not.toBe(keys.membership('t', 'c#', 'j').pk);
  });

  it('gives back the parts of a key as they were given', () => {
    const { sk } = keys.wait({
      tenant: 't',
      customer: 'c',
      eventType: 'a#b%',
      instance: 'i1',
      node: 'wait #1',
    });
    expect(keyParts(sk)).toEqual(['w', 'a#b%', 'i1', 'wait #1']);
  });

  it('finds the waits of one type by a prefix that no other type shares', () => {
    const of = (eventType: string): string =>
      keys.wait({ tenant: 't', customer: 'c', eventType, instance: 'i', node: 'n' }).sk;
    expect(of('open').startsWith(waitsOfType('open'))).toBe(true);
    expect(of('opened').startsWith(waitsOfType('open'))).toBe(false);
    expect(of('open#x').startsWith(waitsOfType('open'))).toBe(false);
  });

  it('finds the entries of one trigger by a prefix that no other trigger shares', () => {
    const { sk } = keys.entry('t', { kind: 'event', trigger: 'go', journey: 'j', node: 'n' });
    expect(sk.startsWith(entriesOf('event', 'go'))).toBe(true);
    expect(sk.startsWith(entriesOf('event', 'g'))).toBe(false);
    expect(sk.startsWith(entriesOf('segment', 'go'))).toBe(false);
  });
});
