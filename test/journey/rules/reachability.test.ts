/** G7: every node can be reached. */
import { expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { problemsOf } from '../../support/graphs-checked.ts';

const tag = ['add_tag', { tag: 't' }] as const;
const nodes = {
  in: ['event_entry', { event_type: 'go' }],
  out: ['exit'],
  lost: tag,
  found: tag,
} as const;
const unreachable = (...edges: string[]): (string | undefined)[] =>
  problemsOf('graph.unreachable', drawGraph(nodes, edges)).map(({ node }) => node);

test('a node that nothing leads to is refused', () => {
  expect(
    problemsOf('graph.unreachable', drawGraph(nodes, ['in -> found', 'found -> out'])),
  ).toEqual([
    {
      code: 'graph.unreachable',
      node: 'lost',
      message: 'unreachable: no path leads from an entry to "lost" (orphan)',
      hint: 'Draw an edge to it, or remove it.',
    },
  ]);
});

test('a pair of nodes that only lead to each other is refused, each by name', () => {
  expect(unreachable('in -> out', 'lost -> found')).toEqual(['lost', 'found']);
  expect(unreachable('in -> out', 'lost -> found', 'found -> lost')).toEqual(['lost', 'found']);
});

test('an orphan that leads into the journey is still one', () => {
  expect(unreachable('in -> found', 'lost -> found', 'found -> out')).toEqual(['lost']);
});

test('an edge to a node that does not exist hides no orphan', () => {
  expect(unreachable('in -> found', 'found -> out', 'found -> nowhere')).toEqual(['lost']);
});
