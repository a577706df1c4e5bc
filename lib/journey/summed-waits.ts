/** How long a customer may be parked in a journey at most, for the people who publish it (G12: summed waits are reported). */
import { layOut } from './drawn-graph.ts';
import type { Graph } from './graph.ts';
import type { NodeShapes } from './node-shape.ts';
import { worstPath } from './worst-path.ts';

export interface SummedWaits {
  /** Sum of the durations and timeouts on the longest way through the graph, in milliseconds. */
  readonly fixedMs: number;
  /** Waits whose length is known only when the customer arrives, anywhere in the graph; they come on top. */
  readonly computed: readonly string[];
}

/** Expects a graph that `validateGraph` found valid; a graph with cycles has no longest way and sums to 0. */
export function summedWaits(graph: Graph, nodeTypes: NodeShapes): SummedWaits {
  const drawn = layOut(graph, nodeTypes);
  const longest = worstPath(drawn.byId.keys(), drawn.successors, (id) => {
    const parking = drawn.byId.get(id)?.parking;
    return parking?.kind === 'fixed' ? parking.durationMs : 0;
  });
  const computed = drawn.nodes.filter(({ parking }) => parking?.kind === 'computed');
  return { fixedMs: longest?.cost ?? 0, computed: computed.map(({ node }) => node.id) };
}
