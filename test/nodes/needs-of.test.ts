/** What must be loaded before a node runs. */
import { expect, test } from 'vitest';
import { needsOf } from '../../lib/nodes/needs-of.ts';

test('only customer and accumulated must be loaded; the rest is part of the instance', () => {
  expect(needsOf(new Set(['event', 'accumulated', 'context', 'customer']))).toEqual([
    'customer',
    'accumulated',
  ]);
  expect(needsOf(new Set(['event']))).toEqual([]);
});
