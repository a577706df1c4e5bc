/** G5: edges between nodes that exist. */
import { expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { check } from '../../support/graphs-checked.ts';

const nodes = {
  in: ['event_entry', { event_type: 'go' }],
  email_1: ['send_email', { template_id: 't' }],
  out: ['exit'],
} as const;

test('an edge to a misspelt node is one problem, with the node that is meant', () => {
  expect(check(drawGraph(nodes, ['in -> emial_1', 'email_1 -> out'])).problems).toEqual([
    {
      code: 'graph.unknown_node',
      edge: 'in -> emial_1',
      message: 'the edge in -> emial_1 ends at the unknown node "emial_1"',
      hint: 'Did you mean "email_1"?',
    },
  ]);
});

test('an edge from nowhere to nowhere is two problems', () => {
  const drawn = drawGraph(nodes, ['in -> email_1', 'email_1 -> out', 'x -> elsewhere']);
  expect(check(drawn).problems).toEqual([
    {
      code: 'graph.unknown_node',
      edge: 'x -> elsewhere',
      message: 'the edge x -> elsewhere begins at the unknown node "x"',
      hint: 'Draw the node, or remove the edge.',
    },
    {
      code: 'graph.unknown_node',
      edge: 'x -> elsewhere',
      message: 'the edge x -> elsewhere ends at the unknown node "elsewhere"',
      hint: 'Draw the node, or remove the edge.',
    },
  ]);
});

test('a branch that leads to an unknown node is not also missing', () => {
  const drawn = drawGraph({ ...nodes, if: ['condition', { field: 'event.x', value: 1 }] }, [
    'in -> if',
    'if -> email_1 [true]',
    'if -> nowhere [false]',
    'email_1 -> out',
  ]);
  expect(check(drawn).problems.map(({ code }) => code)).toEqual(['graph.unknown_node']);
});
