/**
 * Graph -> everything that is wrong with it. Publishing, republishing and migrating go through here (semantics 2.2); drafts may
 * be kept without.
 */
import { layOut, type DrawnGraph } from './drawn-graph.ts';
import type { Graph } from './graph.ts';
import type { GraphProblem } from './graph-problem.ts';
import type { NodeShapes } from './node-shape.ts';
import { refuseUnknownBranches, requireBranches } from './rules/branches.ts';
import { refuseCycles } from './rules/cycles.ts';
import { refuseDuplicates } from './rules/duplicates.ts';
import { refuseUnknownNodes } from './rules/edge-ends.ts';
import { refuseEdgesOutOfEnds, requireEdgeWhenNotEnding, warnOfOpenEnds } from './rules/ends.ts';
import {
  refuseEdgesIntoEntries,
  refuseSharedWebhooks,
  requireEntry,
  warnOfSharedTriggers,
} from './rules/entries.ts';
import { refuseUnstructuredForks, warnOfDeadSiblings } from './rules/forks.ts';
import { refuseBadConfigs } from './rules/node-configs.ts';
import { refuseUnknownTypes } from './rules/node-types.ts';
import { refuseUnreachable } from './rules/reachability.ts';
import { refuseTooLarge } from './rules/size.ts';

export interface Validation {
  /** All of them; the graph can be published when there are none. */
  readonly problems: readonly GraphProblem[];
  /** Worth telling, but not in the way of publishing. */
  readonly warnings: readonly GraphProblem[];
}

/**
 * Holds a graph against every rule. Each mistake is reported once, by the rule it breaks, and keeps no other rule from being
 * checked.
 *
 * @param nodeTypes the catalogue, by type name
 */
export function validateGraph(graph: Graph, nodeTypes: NodeShapes): Validation {
  const drawn = layOut(graph, nodeTypes);
  return {
    problems: rules.flatMap((rule) => rule(drawn)),
    warnings: warnings.flatMap((rule) => rule(drawn)),
  };
}

type GraphRule = (drawn: DrawnGraph) => readonly GraphProblem[];

/** In the order in which a person would put things right. */
const rules: readonly GraphRule[] = [
  (drawn) => refuseTooLarge(drawn),
  requireEntry,
  refuseDuplicates,
  refuseUnknownTypes,
  refuseUnknownNodes,
  refuseCycles,
  refuseUnreachable,
  requireBranches,
  refuseUnknownBranches,
  refuseEdgesIntoEntries,
  refuseSharedWebhooks,
  refuseEdgesOutOfEnds,
  requireEdgeWhenNotEnding,
  refuseBadConfigs,
  refuseUnstructuredForks,
];

const warnings: readonly GraphRule[] = [warnOfDeadSiblings, warnOfOpenEnds, warnOfSharedTriggers];
