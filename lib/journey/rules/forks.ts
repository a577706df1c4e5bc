/**
 * G13: a node leads to one node at a time. Parallel branches are refused until both runtimes can join them again (semantics
 * 2.4): a fork that only one of them understood would be worse than none.
 */
import { quoted, type DrawnGraph, type DrawnNode } from '../drawn-graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

export function refuseForks(drawn: DrawnGraph): readonly GraphProblem[] {
  return [...drawn.byId.values()].flatMap((source) =>
    forksOf(drawn, source).map(([branch, targets]) => ({
      code: 'graph.unstructured_parallel',
      node: source.node.id,
      message:
        `unstructured parallel: "${source.node.id}" leads to ${quoted(targets)} at once` +
        (branch === undefined ? '' : ` by its branch "${branch}"`),
      hint: 'Parallel branches are not supported yet. Draw the nodes one after another, or split with a condition.',
    })),
  );
}

/** Only edges that could be followed: what is wrong with the labels of the others is said elsewhere. */
function forksOf(
  drawn: DrawnGraph,
  { node, type, branches = [], ends }: DrawnNode,
): readonly (readonly [string | undefined, readonly string[]])[] {
  if (type === undefined || ends === true) return [];
  const possible = type.branches === undefined ? [undefined] : branches;
  const edges = (drawn.leaving.get(node.id) ?? []).filter(({ target }) => drawn.byId.has(target));
  return [...new Set(possible)]
    .map((branch) => {
      const targets = edges.filter((edge) => edge.branch === branch).map(({ target }) => target);
      return [branch, targets] as const;
    })
    .filter(([, targets]) => targets.length > 1);
}
