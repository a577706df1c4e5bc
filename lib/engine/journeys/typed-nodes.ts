/** The nodes of a valid graph with what their types make of them. */
import type { Graph } from '../../journey/graph.ts';
import type { NodeType } from '../../nodes/node-type.ts';

export interface TypedNode {
  readonly id: string;
  readonly type: NodeType;
  /** Parsed by the type's own schema; only the type knows its shape. */
  readonly config: never;
  /** Place in the graph's list of nodes. */
  readonly place: number;
}

/**
 * Nodes of types that this release does not have are passed over.
 *
 * @param which only these are parsed, and answered: what a node of another type says is nobody's business
 */
export function typedNodes(
  graph: Graph,
  nodeTypes: ReadonlyMap<string, NodeType>,
  which: (type: NodeType) => boolean = () => true,
): readonly TypedNode[] {
  return graph.nodes.flatMap(({ id, type: name, config }, place): TypedNode[] => {
    const type = nodeTypes.get(name);
    if (type === undefined || !which(type)) return [];
    return [{ id, type, config: type.config.parse(config ?? {}), place }];
  });
}

export function entryNodes(
  graph: Graph,
  nodeTypes: ReadonlyMap<string, NodeType>,
): readonly TypedNode[] {
  return typedNodes(graph, nodeTypes, ({ entry }) => entry !== undefined);
}
