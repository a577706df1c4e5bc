/** G11: the configuration of each node is one that its type accepts. */
import type { DrawnGraph, DrawnNode } from '../drawn-graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

export function refuseBadConfigs(drawn: DrawnGraph): readonly GraphProblem[] {
  return drawn.nodes.flatMap((each) => [...problemsOfForm(each), ...problemsOfMeaning(each)]);
}

function problemsOfForm({ node, at, formProblems }: DrawnNode): readonly GraphProblem[] {
  return formProblems.map(({ path, message }) => ({
    code: 'graph.node_config',
    node: node.id,
    path: `nodes[${at}].${path}`,
    message: `${node.type} "${node.id}": ${message}`,
  }));
}

function problemsOfMeaning({ node, at, meaningProblems }: DrawnNode): readonly GraphProblem[] {
  return meaningProblems.map(({ message, hint }) => ({
    code: 'graph.node_config',
    node: node.id,
    path: `nodes[${at}].config`,
    message: `${node.type} "${node.id}": ${message}`,
    ...(hint === undefined ? {} : { hint }),
  }));
}
