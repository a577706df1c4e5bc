/**
 * What a structured fork is, as the semantics say it (2.4), by listing every path: slow, plain, and independent of the analysis
 * that the product uses.
 */
import type { DrawnJson } from './graphs.ts';

/** Nodes whose edges, followed together, fork: by node and branch. */
export function forksOf(graph: DrawnJson): readonly (readonly string[])[] {
  const fans = new Map<string, Set<string>>();
  for (const { source, target, branch } of graph.edges) {
    const key = `${source}|${branch ?? ''}`;
    fans.set(key, (fans.get(key) ?? new Set()).add(target));
  }
  return [...fans.values()].map((targets) => [...targets]).filter(({ length }) => length > 1);
}

/** S empty, or one J of S lies on every path from the fork to every node of S. */
export function isStructuredFork(graph: DrawnJson, targets: readonly string[]): boolean {
  const paths = targets.map((target) => pathsFrom(graph, target));
  const reached = paths.map((each) => new Set(each.flat()));
  const shared = graph.nodes
    .map(({ id }) => id)
    .filter((id) => reached.filter((each) => each.has(id)).length > 1);
  if (shared.length === 0) return true;
  const toShared = paths
    .flat()
    .flatMap((path) => shared.filter((id) => path.at(-1) === id).map(() => path));
  return shared.some((join) => toShared.every((path) => path.includes(join)));
}

export function isStructured(graph: DrawnJson): boolean {
  return forksOf(graph).every((targets) => isStructuredFork(graph, targets));
}

/** Every path that begins at the node: to it, to each that follows it, and so on. */
function pathsFrom(graph: DrawnJson, node: string): readonly (readonly string[])[] {
  const nexts = new Set(
    graph.edges.filter(({ source }) => source === node).map(({ target }) => target),
  );
  return [
    [node],
    ...[...nexts].flatMap((next) => pathsFrom(graph, next).map((path) => [node, ...path])),
  ];
}
