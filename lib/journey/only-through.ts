/**
 * Which nodes of a graph a customer can only reach through one branch of one node: where the cap of a `frequency_cap` node is
 * inherited (semantics 3.4). Unlike the branch a customer took, this is known when the journey is published.
 */
import type { Graph } from './graph.ts';

/** @param entries ids of the nodes where customers may begin */
export function nodesOnlyThrough(
  graph: Graph,
  entries: readonly string[],
  gate: { readonly node: string; readonly branch: string },
): ReadonlySet<string> {
  const around = reach(
    graph,
    entries,
    ({ source, branch }) => source !== gate.node || branch !== gate.branch,
  );
  const beyond = graph.edges.filter(
    ({ source, branch }) => source === gate.node && branch === gate.branch,
  );
  const through = reach(
    graph,
    beyond.map(({ target }) => target),
    () => true,
  );
  return new Set([...through].filter((node) => !around.has(node)));
}

function reach(
  { edges }: Graph,
  from: readonly string[],
  isOpen: (edge: Graph['edges'][number]) => boolean,
): ReadonlySet<string> {
  const targets = new Map<string, string[]>();
  for (const edge of edges) {
    if (!isOpen(edge)) continue;
    const others = targets.get(edge.source);
    if (others === undefined) targets.set(edge.source, [edge.target]);
    else others.push(edge.target);
  }
  const reached = new Set(from);
  const pending = [...from];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const target of targets.get(node) ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      pending.push(target);
    }
  }
  return reached;
}
