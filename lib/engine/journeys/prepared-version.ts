/**
 * A published version, ready to run: its nodes with their types and parsed configuration, and where their edges lead. Versions
 * never change, so a prepared one may be kept for as long as there is room.
 */
import { layOut } from '../../journey/drawn-graph.ts';
import { planExit, type ExitPlan } from '../../journey/exit-criteria.ts';
import { findForks, joinOf, type Fork, type Forks } from '../../journey/forks.ts';
import { parseGraph } from '../../journey/parse.ts';
import type { FrequencyCap, Graph } from '../../journey/graph.ts';
import { defaultSettings, type JourneySettings } from '../../journey/journey-settings.ts';
import { nodesOnlyThrough } from '../../journey/only-through.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import { nodeKey } from '../../nodes/machine-contract.ts';
import type { NodeType } from '../../nodes/node-type.ts';
import type { JourneyVersion } from '../records/journey.ts';
import { typedNodes, type TypedNode } from './typed-nodes.ts';

export interface PreparedVersion {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<string, PreparedNode>;
  readonly exit: ExitPlan;
  readonly settings: JourneySettings;
  /** The caps of the journey itself: drawn in its graph, or given when it was published. */
  readonly caps: readonly FrequencyCap[];
  /** Whether a path leads from one node to the other; absent when customers are never in two places at once. */
  readonly reaches?: (from: string, to: string) => boolean;
  readonly forks: readonly Fork[];
}

export interface PreparedNode extends Omit<TypedNode, 'place'> {
  /** Place in the graph's order: a node stands after every node that leads to it. */
  readonly rank: number;
  /** True for a join that runs while customers still wait elsewhere in the branches that lead to it. */
  readonly joinsAside: boolean;
  /** How paths of the compiled machine name the node. */
  readonly key: string;
  /**
   * Where customers go from here, by branch; the empty branch for nodes that do not branch. Of a fork that ends the journey at
   * once, the end alone (T8).
   */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** Caps of this version that hold for messages sent here: the journey's, and those of nodes that it lies behind. */
  readonly caps: readonly FrequencyCap[];
}

/** @throws KalciferError `journey.unreadable` when a stored graph is not one this release understands */
export function prepareVersion(
  stored: Pick<JourneyVersion, 'graph' | 'settings'>,
  nodeTypes: ReadonlyMap<string, NodeType>,
): PreparedVersion {
  const parsed = parseGraph(stored.graph);
  if ('problems' in parsed) {
    throw new KalciferError('journey.unreadable', 'A stored graph cannot be read.', {
      problems: parsed.problems,
    });
  }
  const { graph } = parsed;
  const settings = stored.settings ?? defaultSettings;
  const caps = [...graph.frequencyCaps, ...settings.frequencyCaps];
  const ranks = rankNodes(graph);
  const forks = findForks(layOut(graph, nodeTypes));
  const unknown = graph.nodes.find(({ type }) => !nodeTypes.has(type));
  if (unknown !== undefined) {
    throw new KalciferError('journey.unreadable', `Unknown node type ${unknown.type}.`);
  }
  const typed = typedNodes(graph, nodeTypes);
  const inherited = inheritedCaps(graph, typed);
  const nodes = typed.map(({ place, ...node }): [string, PreparedNode] => [
    node.id,
    {
      ...node,
      rank: ranks.get(node.id) ?? 0,
      joinsAside: joinsAside(forks, node.id),
      key: nodeKey(place),
      targets: targetsOf(graph, node.id, forks),
      caps: [...caps, ...(inherited.get(node.id) ?? [])],
    },
  ]);
  return {
    graph,
    nodes: new Map(nodes),
    exit: planExit(graph.exitCriteria),
    settings,
    caps,
    forks: forks?.list ?? [],
    ...(forks && { reaches: forks.reach.reaches }),
  };
}

function joinsAside(forks: Forks | undefined, node: string): boolean {
  return forks?.list.some((fork) => fork.strays && joinOf(fork) === node) === true;
}

/** What lies behind a cap node only, keeps its cap (semantics 3.4). */
function inheritedCaps(
  graph: Graph,
  nodes: readonly TypedNode[],
): ReadonlyMap<string, readonly FrequencyCap[]> {
  const entries = nodes.filter(({ type }) => type.entry !== undefined).map(({ id }) => id);
  const inherited = new Map<string, FrequencyCap[]>();
  for (const { id, type, config } of nodes) {
    const drawn = type.cap?.(config);
    if (drawn === undefined) continue;
    for (const node of nodesOnlyThrough(graph, entries, { node: id, branch: drawn.branch })) {
      inherited.set(node, [...(inherited.get(node) ?? []), drawn.cap]);
    }
  }
  return inherited;
}

function targetsOf(
  graph: Graph,
  node: string,
  forks: Forks | undefined,
): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  for (const edge of graph.edges) {
    if (edge.source !== node) continue;
    const branch = edge.branch ?? '';
    targets.set(branch, [...(targets.get(branch) ?? []), edge.target]);
  }
  for (const fork of forks?.list ?? []) {
    if (fork.node === node && fork.privateEnd !== undefined) {
      targets.set(fork.branch ?? '', [fork.privateEnd]);
    }
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
