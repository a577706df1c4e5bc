/** G5: edges begin and end at nodes that exist. */
import { meantNode, type DrawnGraph } from '../drawn-graph.ts';
import { edgeName, type GraphEdge } from '../graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

export function refuseUnknownNodes(drawn: DrawnGraph): readonly GraphProblem[] {
  return [...drawn.leaving.values()]
    .flat()
    .flatMap((edge) =>
      (['source', 'target'] as const)
        .filter((end) => !drawn.byId.has(edge[end]))
        .map((end) => unknownNode(drawn, edge, end)),
    );
}

function unknownNode(drawn: DrawnGraph, edge: GraphEdge, end: 'source' | 'target'): GraphProblem {
  const meant = meantNode(drawn, edge[end]);
  const verb = end === 'source' ? 'begins' : 'ends';
  return {
    code: 'graph.unknown_node',
    edge: edgeName(edge),
    message: `the edge ${edgeName(edge)} ${verb} at the unknown node "${edge[end]}"`,
    hint: meant === undefined ? 'Draw the node, or remove the edge.' : `Did you mean "${meant}"?`,
  };
}
