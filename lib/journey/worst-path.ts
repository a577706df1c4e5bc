/** The costliest way through a graph, for limits that must hold whatever branch a customer takes. */

export interface WorstPath {
  readonly cost: number;
  /** Node ids, in order. */
  readonly nodes: readonly string[];
}

/** Undefined when nodes lead back to themselves: then there is no longest way. An empty graph costs nothing. */
export function worstPath(
  nodes: Iterable<string>,
  successors: ReadonlyMap<string, readonly string[]>,
  costOf: (node: string) => number,
): WorstPath | undefined {
  const order = topologicalOrder(nodes, successors);
  if (order === undefined) return undefined;
  const best = new Map<string, { readonly cost: number; readonly next?: string }>();
  for (const node of order.toReversed()) {
    let after: { readonly cost: number; readonly next?: string } = { cost: 0 };
    for (const next of successors.get(node) ?? []) {
      const cost = best.get(next)?.cost ?? 0;
      if (cost > after.cost) after = { cost, next };
    }
    best.set(node, { ...after, cost: after.cost + costOf(node) });
  }
  let start: string | undefined;
  for (const node of order) {
    if (start === undefined || costAt(best, node) > costAt(best, start)) start = node;
  }
  return { cost: start === undefined ? 0 : costAt(best, start), nodes: follow(start, best) };
}

/** Each node after all that lead to it; undefined when that is impossible. */
export function topologicalOrder(
  nodes: Iterable<string>,
  successors: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const incoming = new Map([...nodes].map((node) => [node, 0]));
  for (const target of [...successors.values()].flat()) {
    incoming.set(target, (incoming.get(target) ?? 0) + 1);
  }
  const ready = [...incoming].filter(([, count]) => count === 0).map(([node]) => node);
  const order: string[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order.push(node);
    for (const next of successors.get(node) ?? []) {
      const left = (incoming.get(next) ?? 0) - 1;
      incoming.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return order.length === incoming.size ? order : undefined;
}

function costAt(best: ReadonlyMap<string, { readonly cost: number }>, node: string): number {
  return best.get(node)?.cost ?? 0;
}

function follow(
  start: string | undefined,
  best: ReadonlyMap<string, { readonly next?: string }>,
): readonly string[] {
  const nodes: string[] = [];
  for (let node = start; node !== undefined; node = best.get(node)?.next) nodes.push(node);
  return nodes;
}
