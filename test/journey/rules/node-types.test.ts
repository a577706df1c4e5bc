/** G4: types that do not exist, or not yet. */
import { expect, test } from 'vitest';
import { nodeTypes } from '../../../lib/nodes/catalogue.ts';
import { drawGraph } from '../../support/graphs.ts';
import { problemsOf } from '../../support/graphs-checked.ts';

const all = `There are: ${[...nodeTypes.keys()].join(', ')}.`;

test.each([
  ['send_emial', `Did you mean "send_email"? ${all}`],
  ['send_carrier_pigeon', all],
  ['constructor', all],
])('the type %s is refused with what there is', (type, hint) => {
  expect(problemsOf('graph.unknown_node_type', drawGraph({ a: [type] }, []))).toEqual([
    {
      code: 'graph.unknown_node_type',
      node: 'a',
      message: `unknown node type "${type}" of node "a"`,
      hint,
    },
  ]);
});
