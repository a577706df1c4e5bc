/**
 * A graph laid out for the rules: nodes with their types and parsed configuration, edges by end. Faults are already set apart
 * here, so that each rule reports its own kind and stumbles over no other.
 */
import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { nearestName } from './nearest-name.ts';
import type { EntryShape, NodeShape, NodeShapes, ParkingShape } from './node-shape.ts';
import { schemaProblems, type SchemaProblem } from './schema-problems.ts';

export interface DrawnGraph {
  readonly graph: Graph;
  readonly nodeTypes: NodeShapes;
  /** Every node in the order drawn, also those that share an id. */
  readonly nodes: readonly DrawnNode[];
  /** The first node of each id. */
  readonly byId: ReadonlyMap<string, DrawnNode>;
  /** Edges by source, also those that lead to a node that does not exist; each (source, target, branch) once. */
  readonly leaving: ReadonlyMap<string, readonly GraphEdge[]>;
  /** Targets that exist, by source, each once. */
  readonly successors: ReadonlyMap<string, readonly string[]>;
}

export interface DrawnNode {
  readonly node: GraphNode;
  /** Position in `nodes`. */
  readonly at: number;
  /** Absent when the type does not exist. */
  readonly type?: NodeShape;
  /** What the node's type says about this configuration; absent when the type or the configuration cannot be read. */
  readonly meaning?: NodeMeaning;
  readonly configProblems: readonly SchemaProblem[];
}

/** The answers of a node type for one configuration. */
export interface NodeMeaning {
  readonly problems: readonly { readonly message: string; readonly hint?: string }[];
  /** Absent for a node that does not branch. */
  readonly branches?: readonly string[];
  readonly ends: boolean;
  readonly entry?: EntryShape;
  readonly parking?: ParkingShape;
}

export function layOut(graph: Graph, nodeTypes: NodeShapes): DrawnGraph {
  const nodes = graph.nodes.map((node, at) => readNode(node, at, nodeTypes));
  const byId = new Map([...nodes].reverse().map((drawn) => [drawn.node.id, drawn]));
  const leaving = groupEdges(graph.edges);
  const successors = new Map(
    [...leaving].map(([source, edges]) => [
      source,
      [...new Set(edges.map(({ target }) => target))].filter((target) => byId.has(target)),
    ]),
  );
  return { graph, nodeTypes, nodes, byId, leaving, successors };
}

/** An existing node that a misspelt end of an edge probably means. */
export function meantNode(drawn: DrawnGraph, name: string): string | undefined {
  if (drawn.byId.size > hintedNodesMax) return undefined;
  return nearestName(name, drawn.byId.keys());
}

/** Looking for the nearest name compares with every node; oversized graphs are refused anyway. */
const hintedNodesMax = 500;

/** The same for edges that lead the same way by the same branch. */
export function edgeKey(edge: GraphEdge): string {
  return JSON.stringify([edge.source, edge.target, edge.branch ?? null]);
}

/** `"a", "b"` */
export function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(', ');
}

function readNode(node: GraphNode, at: number, nodeTypes: NodeShapes): DrawnNode {
  const type = nodeTypes.get(node.type);
  if (type === undefined) return { node, at, configProblems: [] };
  const input = node.config ?? {};
  const parsed = type.config.safeParse(input);
  if (!parsed.success) {
    return { node, at, type, configProblems: schemaProblems(parsed.error, input, 'config') };
  }
  return { node, at, type, meaning: meaningOf(type, parsed.data), configProblems: [] };
}

function meaningOf(type: NodeShape, config: never): NodeMeaning {
  const branches = type.branches?.(config);
  const entry = type.entry?.(config);
  const parking = type.parking?.(config);
  return {
    problems: type.validate?.(config) ?? [],
    ends: type.ends?.(config) ?? false,
    ...(branches === undefined ? {} : { branches }),
    ...(entry === undefined ? {} : { entry }),
    ...(parking === undefined ? {} : { parking }),
  };
}

function groupEdges(edges: readonly GraphEdge[]): ReadonlyMap<string, readonly GraphEdge[]> {
  const seen = new Set<string>();
  const leaving = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    if (seen.has(edgeKey(edge))) continue;
    seen.add(edgeKey(edge));
    const siblings = leaving.get(edge.source);
    if (siblings === undefined) leaving.set(edge.source, [edge]);
    else siblings.push(edge);
  }
  return leaving;
}
