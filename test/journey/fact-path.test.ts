/** Paths to facts: what they find, and what they can never reach. */
import { describe, expect, test } from 'vitest';
import { readPath } from '../../lib/journey/fact-path.ts';

describe('readPath', () => {
  const facts = {
    customer: { name: 'Ada', address: { city: 'London' }, nothing: null, zero: 0, off: false },
    event: { items: [{ sku: 'a1' }, { sku: 'b2' }], name: 'order' },
  };

  test.each([
    ['customer.name', 'Ada'],
    ['customer.address.city', 'London'],
    ['customer.address', { city: 'London' }],
    ['customer.zero', 0],
    ['customer.off', false],
    ['event.items.1.sku', 'b2'],
  ])('reads %s', (path, value) => {
    expect(readPath(facts, path)).toEqual(value);
  });

  test.each([
    'customer.age',
    'customer.nothing',
    'customer.name.first',
    'customer.address.city.zip',
    'event.items.2.sku',
    'event.items.-1',
    'event.items.first',
    'nobody.name',
    '',
  ])('finds nothing at "%s"', (path) => {
    expect(readPath(facts, path)).toBeUndefined();
  });

  test.each([
    'customer.constructor',
    'customer.constructor.name',
    'customer.__proto__',
    'customer.toString',
    'customer.name.length',
    'event.items.length',
    'event.items.map',
    '__proto__.polluted',
  ])('does not reach what JavaScript adds at "%s"', (path) => {
    expect(readPath(facts, path)).toBeUndefined();
  });

  test('reads a field that is really called __proto__', () => {
    const parsed = JSON.parse('{"event": {"__proto__": "odd"}}') as object;
    expect(readPath(parsed, 'event.__proto__')).toBe('odd');
  });
});
