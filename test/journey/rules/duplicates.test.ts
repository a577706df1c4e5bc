/** G3: nothing is drawn twice. */
import { expect, test } from 'vitest';
import { problemsOf } from '../../support/graphs-checked.ts';

const nodes = [
  { id: 'in', type: 'event_entry', config: { event_type: 'go' } },
  { id: 'if', type: 'condition', config: { field: 'event.x', value: 1 } },
  { id: 'out', type: 'exit' },
];

test('two nodes of one id are refused once, however many there are', () => {
  const drawn = {
    nodes: [...nodes, { id: 'out', type: 'exit' }, { id: 'out', type: 'exit' }],
    edges: [],
  };
  expect(problemsOf('graph.duplicate', drawn)).toEqual([
    {
      code: 'graph.duplicate',
      node: 'out',
      message: 'duplicate node id "out"',
      hint: 'Give each node its own id.',
    },
  ]);
});

test('two edges of one id are refused', () => {
  const edges = [
    { id: 'e', source: 'in', target: 'if' },
    { id: 'e', source: 'if', target: 'out', branch: 'true' },
  ];
  expect(problemsOf('graph.duplicate', { nodes, edges })).toEqual([
    {
      code: 'graph.duplicate',
      edge: 'e',
      message: 'duplicate edge id "e"',
      hint: 'Give each edge its own id, or none.',
    },
  ]);
});

test('two edges that lead the same way are refused, whatever their ids', () => {
  const edges = [
    { source: 'if', target: 'out', branch: 'true' },
    { id: 'again', source: 'if', target: 'out', branch: 'true' },
  ];
  expect(problemsOf('graph.duplicate', { nodes, edges })).toEqual([
    {
      code: 'graph.duplicate',
      edge: 'if -> out [true]',
      message: 'duplicate edge if -> out [true]',
      hint: 'Draw it once.',
    },
  ]);
});

test('two branches may lead to one node', () => {
  const edges = [
    { source: 'if', target: 'out', branch: 'true' },
    { source: 'if', target: 'out', branch: 'false' },
  ];
  expect(problemsOf('graph.duplicate', { nodes, edges })).toEqual([]);
});
