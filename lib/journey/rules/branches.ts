/**
 * G8 and G9: each branch that a node can take leads somewhere, and no edge carries a branch that its node cannot take. The
 * branches come from the node type and its configuration, never from a list of types kept here.
 */
import { quoted, type DrawnGraph, type DrawnNode } from '../drawn-graph.ts';
import { edgeName, type GraphEdge } from '../graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

/** G8. */
export function requireBranches(drawn: DrawnGraph): readonly GraphProblem[] {
  return [...drawn.byId.values()].flatMap(({ node, branches = [] }) => {
    const labels = new Set(drawn.leaving.get(node.id)?.map(({ branch }) => branch));
    return [...new Set(branches)]
      .filter((branch) => !labels.has(branch))
      .map((branch) => ({
        code: 'graph.missing_branch' as const,
        node: node.id,
        message: `missing branch "${branch}": no edge leaves "${node.id}" by it`,
        hint: `Draw an edge with the branch "${branch}".`,
      }));
  });
}

/** G9. */
export function refuseUnknownBranches(drawn: DrawnGraph): readonly GraphProblem[] {
  return [...drawn.byId.values()].flatMap((source) =>
    (drawn.leaving.get(source.node.id) ?? []).flatMap((edge) => {
      const said = branchFault(source, edge);
      return said === undefined
        ? []
        : [{ code: 'graph.unknown_branch', node: source.node.id, edge: edgeName(edge), ...said }];
    }),
  );
}

function branchFault(
  { node, branches }: DrawnNode,
  { branch }: GraphEdge,
): { readonly message: string; readonly hint: string } | undefined {
  if (branches === undefined) return undefined;
  if (branches.length === 0) {
    if (branch === undefined) return undefined;
    return {
      message: `unknown branch "${branch}": "${node.id}" is of type ${node.type}, which does not branch`,
      hint: 'Remove the branch from the edge.',
    };
  }
  if (branch !== undefined && branches.includes(branch)) return undefined;
  return {
    message:
      branch === undefined
        ? `unknown branch: an edge leaves "${node.id}" without saying by which branch`
        : `unknown branch "${branch}": "${node.id}" never takes it`,
    hint: `"${node.id}" can take ${quoted(branches)}.`,
  };
}
