/**
 * A graph as the rest of the flow sees it: what the journey JSON says, in our own spelling and with every optional form
 * normalised. `parseGraph` makes it; `validateGraph` says whether it can be published.
 */
import type { JsonObject } from '../json.ts';
import { channelNames } from './channel-name.ts';
import type { Rule } from './rule.ts';

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Any one of them takes the customer out of the journey. */
  readonly exitCriteria: readonly ExitCriterion[];
  readonly frequencyCaps: readonly FrequencyCap[];
}

export interface GraphNode {
  /** Unique in the graph; names the state and the customer's place. */
  readonly id: string;
  readonly type: string;
  /** As drawn, in snake_case; the node type's schema reads it. */
  readonly config?: JsonObject;
}

export interface GraphEdge {
  readonly id?: string;
  readonly source: string;
  readonly target: string;
  /** Only on edges that leave a branching node. */
  readonly branch?: string;
}

export type ExitCriterion =
  /** An event takes the customer out at once, also while waiting. The filter looks at the event's data. */
  | { readonly kind: 'event'; readonly eventType: string; readonly filter?: Rule }
  /** A fact about the customer takes the customer out before the next node. */
  | { readonly kind: 'attribute'; readonly rule: Rule };

/** At most `max` messages per customer and channel in any window of this length, over all journeys of the tenant. */
export interface FrequencyCap {
  readonly channel: CapChannel;
  readonly max: number;
  readonly windowMs: number;
}

/** `all`: the sum over the channels. */
export const capChannels = ['all', ...channelNames] as const;

type CapChannel = (typeof capChannels)[number];

/** How problems and logs name an edge: by its id, or `source -> target [branch]`. */
export function edgeName(edge: GraphEdge): string {
  if (edge.id !== undefined) return edge.id;
  const branch = edge.branch === undefined ? '' : ` [${edge.branch}]`;
  return `${edge.source} -> ${edge.target}${branch}`;
}
