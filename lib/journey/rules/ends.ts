/** Rules about where journeys end: nothing leaves an end node (G10), and a path that just stops is mentioned (W2). */
import type { DrawnGraph } from '../drawn-graph.ts';
import { edgeName } from '../graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

/** G10. */
export function refuseEdgesOutOfEnds(drawn: DrawnGraph): readonly GraphProblem[] {
  return [...drawn.byId.values()]
    .filter(({ ends }) => ends === true)
    .flatMap(({ node }) =>
      (drawn.leaving.get(node.id) ?? []).map((edge) => ({
        code: 'graph.end_has_outgoing',
        node: node.id,
        edge: edgeName(edge),
        message: `an edge leads from the end node "${node.id}" to "${edge.target}"`,
        hint: 'Remove the edge. (A goal lets the journey go on only with "exit_after_goal": false.)',
      })),
    );
}

/** G10, the other way round: a node that could end the journey but is told not to must lead on. */
export function requireEdgeWhenNotEnding(drawn: DrawnGraph): readonly GraphProblem[] {
  return leaves(drawn)
    .filter(({ type }) => type?.category === 'exit')
    .map(({ node }) => ({
      code: 'graph.missing_edge',
      node: node.id,
      message: `"${node.id}" does not end the journey, but no edge leaves it`,
      hint: 'Draw an edge, or let the node end the journey.',
    }));
}

/** W2. */
export function warnOfOpenEnds(drawn: DrawnGraph): readonly GraphProblem[] {
  return leaves(drawn)
    .filter(({ type, branches }) => type?.category !== 'exit' && branches?.length === 0)
    .map(({ node }) => ({
      code: 'graph.open_end',
      node: node.id,
      message: `open end (W2): the journey ends after "${node.id}" without an exit or a goal`,
      hint: 'It counts as completed. Draw an exit if you want to name the reason.',
    }));
}

/** Nodes that do not end the journey but that no edge leaves. */
function leaves(drawn: DrawnGraph): readonly (typeof drawn.nodes)[number][] {
  return [...drawn.byId.values()].filter(
    ({ node, ends }) => ends === false && !drawn.leaving.has(node.id),
  );
}
