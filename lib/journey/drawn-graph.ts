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
  /** The first node of each id, in the order drawn. */
  readonly byId: ReadonlyMap<string, DrawnNode>;
  /** Edges by source, also those that lead to a node that does not exist; each (source, target, branch) once. */
  readonly leaving: ReadonlyMap<string, readonly GraphEdge[]>;
  /** Targets that exist, by source, each once. */
  readonly successors: ReadonlyMap<string, readonly string[]>;
}

export interface DrawnNode extends TypeAnswers {
  readonly node: GraphNode;
  /** Position in `nodes`. */
  readonly at: number;
  /** Absent when the type does not exist. */
  readonly type?: NodeShape;
  /** What is wrong with the configuration: its form, or else its meaning. */
  readonly formProblems: readonly SchemaProblem[];
  readonly meaningProblems: readonly { readonly message: string; readonly hint?: string }[];
}

/** What the node's type says about it; undefined where only a readable configuration could tell. */
interface TypeAnswers {
  /** Empty for a node that does not branch. */
  readonly branches: readonly string[] | undefined;
  readonly ends: boolean | undefined;
  readonly entry: EntryShape | undefined;
  readonly parking: ParkingShape | undefined;
  readonly segment: string | undefined;
}

export function layOut(graph: Graph, nodeTypes: NodeShapes): DrawnGraph {
  const nodes = graph.nodes.map((node, at) => readNode(node, at, nodeTypes));
  const byId = new Map<string, DrawnNode>();
  for (const drawn of nodes) if (!byId.has(drawn.node.id)) byId.set(drawn.node.id, drawn);
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
  if (type === undefined) {
    return { node, at, formProblems: [], meaningProblems: [], ...noAnswers };
  }
  const input = node.config ?? {};
  const parsed = type.config.safeParse(input);
  if (!parsed.success) {
    const formProblems = schemaProblems(parsed.error, input, 'config');
    return { node, at, type, formProblems, meaningProblems: [], ...answersToAny(type) };
  }
  const meaningProblems = type.validate?.(parsed.data) ?? [];
  return { node, at, type, formProblems: [], meaningProblems, ...answersTo(type, parsed.data) };
}

const noAnswers: TypeAnswers = {
  branches: undefined,
  ends: undefined,
  entry: undefined,
  parking: undefined,
  segment: undefined,
};

function answersTo(type: NodeShape, config: never): TypeAnswers {
  return {
    branches: type.branches?.(config) ?? [],
    ends: type.ends?.(config) ?? false,
    entry: type.entry?.(config),
    parking: type.parking?.(config),
    segment: type.segment?.(config),
  };
}

/** What holds whatever the configuration is: the answers of functions that do not take one. */
function answersToAny(type: NodeShape): TypeAnswers {
  const none = undefined as never;
  return {
    ...noAnswers,
    branches:
      type.branches === undefined
        ? []
        : type.branches.length === 0
          ? type.branches(none)
          : undefined,
    ends: type.ends === undefined ? false : type.ends.length === 0 ? type.ends(none) : undefined,
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
