/** G4: every node is of a type that exists. */
import type { DrawnGraph } from '../drawn-graph.ts';
import type { GraphProblem } from '../graph-problem.ts';
import { nearestName } from '../nearest-name.ts';

export function refuseUnknownTypes(drawn: DrawnGraph): readonly GraphProblem[] {
  const known = [...drawn.nodeTypes.keys()];
  return drawn.nodes
    .filter(({ type }) => type === undefined)
    .map(({ node }) => {
      const meant = nearestName(node.type, known);
      const question = meant === undefined ? '' : `Did you mean "${meant}"? `;
      return {
        code: 'graph.unknown_node_type',
        node: node.id,
        message: `unknown node type "${node.type}" of node "${node.id}"`,
        hint: `${question}There are: ${known.join(', ')}.`,
      };
    });
}
