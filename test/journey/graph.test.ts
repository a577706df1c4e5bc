/** How edges are named in problems and logs. */
import { expect, test } from 'vitest';
import { edgeName } from '../../lib/journey/graph.ts';

test.each([
  [{ source: 'a', target: 'b' }, 'a -> b'],
  [{ source: 'a', target: 'b', branch: 'true' }, 'a -> b [true]'],
  [{ id: 'e1', source: 'a', target: 'b', branch: 'true' }, 'e1'],
])('the edge %j is called %s', (edge, name) => {
  expect(edgeName(edge)).toBe(name);
});
