/** G6: no node leads back to itself. Customers pass each node at most once, so a circle could never be walked twice. */
import type { DrawnGraph } from '../drawn-graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

/** One problem for each edge that closes a circle, naming the nodes on it in order. */
export function refuseCycles(drawn: DrawnGraph): readonly GraphProblem[] {
  return findCycles(drawn).map((cycle) => ({
    code: 'graph.cycle',
    node: cycle[0] ?? '',
    message: `cycle: ${pathText([...cycle, cycle[0] ?? ''])}`,
    hint: 'Remove one of these edges. To repeat something, let the customer enter the journey again.',
  }));
}

const namesMax = 20;

function pathText(nodes: readonly string[]): string {
  if (nodes.length <= namesMax) return nodes.join(' -> ');
  const head = nodes.slice(0, namesMax - 1).join(' -> ');
  return `${head} -> ... -> ${nodes.at(-1) ?? ''} (${nodes.length - 1} nodes)`;
}

/** Depth first, with an explicit stack: a graph of any length must not exhaust ours. */
function findCycles(drawn: DrawnGraph): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const start of drawn.byId.keys()) {
    const trail: string[] = [];
    const onTrail = new Set<string>();
    const pending: (() => void)[] = [];
    const visit = (node: string): void => {
      if (onTrail.has(node)) {
        cycles.push(trail.slice(trail.indexOf(node)));
        return;
      }
      if (done.has(node)) return;
      done.add(node);
      trail.push(node);
      onTrail.add(node);
      pending.push(() => {
        trail.pop();
        onTrail.delete(node);
      });
      const following = drawn.successors.get(node) ?? [];
      for (const next of following.toReversed()) pending.push(() => visit(next));
    };
    pending.push(() => visit(start));
    for (let act = pending.pop(); act !== undefined; act = pending.pop()) act();
  }
  return cycles;
}
