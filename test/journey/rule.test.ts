/** What a rule reads, told from its tree. */
import { describe, expect, test } from 'vitest';
import { comparisonsOf, rootsOf, type Rule } from '../../lib/journey/rule.ts';

const rule: Rule = {
  any: [
    { field: 'customer.properties.plan', op: 'eq', value: 'pro' },
    { all: [{ not: { field: 'event.total', op: 'gt', value: 1 } }] },
    { field: 'customer.email', op: 'exists', value: true },
  ],
};

describe('comparisonsOf', () => {
  test('lists every comparison of the tree in order', () => {
    expect(comparisonsOf(rule).map(({ field }) => field)).toEqual([
      'customer.properties.plan',
      'event.total',
      'customer.email',
    ]);
  });
});

describe('rootsOf', () => {
  test('names what the paths begin with, each once', () => {
    expect([...rootsOf(rule)]).toEqual(['customer', 'event']);
  });
});
