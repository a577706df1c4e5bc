/** G7: a path leads from some entry to every node. What no customer can reach is a mistake in the drawing. */
import { meantNode, type DrawnGraph } from '../drawn-graph.ts';
import type { GraphProblem } from '../graph-problem.ts';
import { possibleEntries } from './entries.ts';

/**
 * Names each node that cannot be reached. Without any entry there is nothing to say beyond G2; a misspelt target counts as the
 * node it probably means, so that one typing mistake is one problem.
 */
export function refuseUnreachable(drawn: DrawnGraph): readonly GraphProblem[] {
  const starts = possibleEntries(drawn).map(({ node }) => node.id);
  if (starts.length === 0) return [];
  const reached = reach(drawn, starts);
  return [...drawn.byId.values()]
    .filter(({ node }) => !reached.has(node.id))
    .map(({ node }) => ({
      code: 'graph.unreachable',
      node: node.id,
      message: `unreachable: no path leads from an entry to "${node.id}" (orphan)`,
      hint: 'Draw an edge to it, or remove it.',
    }));
}

function reach(drawn: DrawnGraph, starts: readonly string[]): ReadonlySet<string> {
  const reached = new Set(starts);
  const pending = [...starts];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const { target } of drawn.leaving.get(node) ?? []) {
      const next = drawn.byId.has(target) ? target : meantNode(drawn, target);
      if (next === undefined || reached.has(next)) continue;
      reached.add(next);
      pending.push(next);
    }
  }
  return reached;
}
