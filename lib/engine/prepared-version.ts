/**
 * A published version, ready to run: its nodes with their types and parsed configuration, and where their edges lead. Versions
 * never change, so a prepared one may be kept for as long as there is room.
 */
import { planExit, type ExitPlan } from '../journey/exit-criteria.ts';
import { parseGraph } from '../journey/parse.ts';
import type { Graph } from '../journey/graph.ts';
import type { JsonObject } from '../json.ts';
import { KalciferError } from '../kalcifer-error.ts';
import type { NodeType } from '../nodes/node-type.ts';

export interface PreparedVersion {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<string, PreparedNode>;
  readonly exit: ExitPlan;
}

export interface PreparedNode {
  readonly id: string;
  readonly type: NodeType;
  /** Parsed by the type's own schema; only the type knows its shape. */
  readonly config: never;
  /** Place in the graph's order: a node stands after every node that leads to it. */
  readonly rank: number;
  /** Targets of the edges that leave the node, by branch; the empty branch for nodes that do not branch. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

/** @throws KalciferError `journey.unreadable` when a stored graph is not one this release understands */
export function prepareVersion(
  stored: JsonObject,
  nodeTypes: ReadonlyMap<string, NodeType>,
): PreparedVersion {
  const parsed = parseGraph(stored);
  if ('problems' in parsed) {
    throw new KalciferError('journey.unreadable', 'A stored graph cannot be read.', {
      problems: parsed.problems,
    });
  }
  const { graph } = parsed;
  const ranks = rankNodes(graph);
  const nodes = graph.nodes.map((node): [string, PreparedNode] => {
    const type = nodeTypes.get(node.type);
    if (type === undefined) {
      throw new KalciferError('journey.unreadable', `Unknown node type ${node.type}.`);
    }
    const config = type.config.parse(node.config ?? {});
    const rank = ranks.get(node.id) ?? 0;
    return [node.id, { id: node.id, type, config, rank, targets: targetsOf(graph, node.id) }];
  });
  return { graph, nodes: new Map(nodes), exit: planExit(graph.exitCriteria) };
}

function targetsOf(graph: Graph, node: string): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  for (const edge of graph.edges) {
    if (edge.source !== node) continue;
    const branch = edge.branch ?? '';
    targets.set(branch, [...(targets.get(branch) ?? []), edge.target]);
  }
  return targets;
}

/** Longest distance from any start, by relaxing edges until nothing moves: a graph is acyclic, so this ends. */
function rankNodes(graph: Graph): ReadonlyMap<string, number> {
  const ranks = new Map(graph.nodes.map((node) => [node.id, 0]));
  for (let moved = true, rounds = 0; moved && rounds <= graph.nodes.length; rounds++) {
    moved = false;
    for (const { source, target } of graph.edges) {
      const rank = (ranks.get(source) ?? 0) + 1;
      if (rank > (ranks.get(target) ?? 0)) {
        ranks.set(target, rank);
        moved = true;
      }
    }
  }
  return ranks;
}
