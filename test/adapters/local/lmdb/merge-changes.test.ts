import { expect, test } from 'vitest';
import { mergeChanges } from '../../../../lib/adapters/local/lmdb/merge-changes.ts';

/** Stored keys in lower case; changed ones become upper case, or go when they are marked with `-`. */
function merge(stored: string, changed: string, reverse = false): string {
  const entries = stored.split('').map((key) => ({ key, shown: key }));
  const keys = changed.replaceAll('-', '').split('');
  const isGone = (key: string): boolean => changed.includes(`-${key}`);
  const current = (key: string): { key: string; shown: string } | undefined =>
    isGone(key) ? undefined : { key, shown: key.toUpperCase() };
  return [...mergeChanges(entries, keys, current, reverse)].map(({ shown }) => shown).join('');
}

test.each([
  ['', '', ''],
  ['abc', '', 'abc'],
  ['', 'abc', 'ABC'],
  ['bd', 'ace', 'AbCdE'],
  ['abc', 'abc', 'ABC'],
  ['abc', '-a-b-c', ''],
  ['abcd', '-bd', 'acD'],
  ['ac', '-b', 'ac'],
  ['b', 'a-bc', 'AC'],
])('%s with the changes %s is %s', (stored, changed, merged) => {
  expect(merge(stored, changed)).toBe(merged);
});

test('backward, both run from the end', () => {
  expect(merge('db', 'eca', true)).toBe('EdCbA');
  expect(merge('cba', 'c-b', true)).toBe('Ca');
});
