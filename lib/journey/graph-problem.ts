/** What can be wrong with a graph: one stable code for each rule (semantics 2.2), so that editors and programs can act on it. */
import type { Problem } from '../kalcifer-error.ts';

/** Code -> what it says. Problems refuse a graph, warnings only tell. */
export const graphProblemCodes = {
  'graph.malformed': 'The JSON is not that of a graph (G1).',
  'graph.no_entry': 'No node lets customers in (G2).',
  'graph.duplicate': 'Two nodes, edges or webhook entries cannot be told apart (G3).',
  'graph.unknown_node_type': 'A node has a type that does not exist (G4).',
  'graph.unknown_node': 'An edge begins or ends at a node that does not exist (G5).',
  'graph.cycle': 'Nodes lead back to themselves (G6).',
  'graph.unreachable': 'No path leads from an entry to a node (G7).',
  'graph.missing_branch': 'A branch of a branching node leads nowhere (G8).',
  'graph.unknown_branch': 'An edge carries a branch that its source cannot produce (G9).',
  'graph.entry_has_incoming': 'An edge leads into an entry node (G10).',
  'graph.end_has_outgoing': 'An edge leaves an end node (G10).',
  'graph.missing_edge': 'A goal that does not end the journey leads nowhere (G10).',
  'graph.node_config': 'The configuration of a node is not valid (G11).',
  'graph.too_large': 'The graph is larger than an execution can be (G12).',
  'graph.unstructured_parallel': 'Parallel branches come together in more than one node (G13).',
  'graph.dead_siblings':
    'Warning: an end that is reached at once keeps its siblings from running (W1).',
  'graph.open_end': 'Warning: a path ends without an exit or a goal (W2).',
  'graph.same_entry': 'Warning: two entry nodes start on the same event.',
} as const;

export type GraphProblemCode = keyof typeof graphProblemCodes;

export interface GraphProblem extends Problem {
  readonly code: GraphProblemCode;
}
