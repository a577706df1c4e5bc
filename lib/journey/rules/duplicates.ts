/** G3: every node id and every edge is there once. Ids name the customer's place, so two of one id would be one place. */
import { edgeKey, type DrawnGraph } from '../drawn-graph.ts';
import { edgeName } from '../graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

export function refuseDuplicates(drawn: DrawnGraph): readonly GraphProblem[] {
  const { nodes, edges } = drawn.graph;
  return [
    ...repeated(nodes, ({ id }) => id).map(({ id }) =>
      duplicate({ node: id }, `node id "${id}"`, 'Give each node its own id.'),
    ),
    ...repeated(edges, ({ id }) => id).map((edge) =>
      duplicate(
        { edge: edgeName(edge) },
        `edge id "${edgeName(edge)}"`,
        'Give each edge its own id, or none.',
      ),
    ),
    ...repeated(edges, edgeKey)
      .map(({ id: _id, ...edge }) => edgeName(edge))
      .map((name) => duplicate({ edge: name }, `edge ${name}`, 'Draw it once.')),
  ];
}

function duplicate(
  place: Pick<GraphProblem, 'node' | 'edge'>,
  what: string,
  hint: string,
): GraphProblem {
  return { code: 'graph.duplicate', ...place, message: `duplicate ${what}`, hint };
}

/** One of each that share a key; those without a key share none. */
function repeated<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string | undefined,
): readonly Value[] {
  const seen = new Set<string>();
  const again = new Map<string, Value>();
  for (const value of values) {
    const key = keyOf(value);
    if (key === undefined) continue;
    if (seen.has(key)) again.set(key, value);
    seen.add(key);
  }
  return [...again.values()];
}
