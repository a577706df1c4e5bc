/**
 * The step: one node run of one instance. There is at most one per node and instance (semantics T2), so the row is also the
 * claim of everything the node may do once: its message, its conversion.
 */
import type { Json, JsonObject } from '../../json.ts';
import type { Delivery } from '../../nodes/node-type.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';

export interface Step {
  readonly tenant: string;
  readonly instance: string;
  readonly node: string;
  /** Number of the version whose node ran. */
  readonly version: number;
  /**
   * `waiting`: parked. `sending`: a message is claimed and may be on its way. `retrying`: the provider did not take it, and
   * another attempt follows. The others are final.
   */
  readonly status: 'waiting' | 'sending' | 'retrying' | 'completed' | 'failed' | 'cancelled';
  readonly branch?: string;
  readonly result?: JsonObject;
  /** Plain words for the timeline: why this branch, what was missing. */
  readonly notes?: readonly string[];
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly send?: Send;
  readonly conversion?: Conversion;
}

/** One message of this step (semantics 7.10): claimed before the provider is called, settled by its answer. */
export interface Send {
  readonly channel: string;
  readonly status: 'sending' | 'retrying' | Delivery['status'];
  /** 1 for the first. */
  readonly attempt: number;
  /** The process that claimed it, and until when (epoch milliseconds) it may still be at it. */
  readonly owner?: string;
  readonly leaseUntil?: number;
  readonly providerMessageId?: string;
  readonly detail?: string;
}

export interface Conversion {
  readonly name: string;
  readonly value?: number;
}

export function isSettled(step: Step): boolean {
  return step.status === 'completed' || step.status === 'failed' || step.status === 'cancelled';
}

export function stepItem(step: Step): Item {
  const { tenant, instance, node, ...rest } = step;
  return { ...keys.step(tenant, instance, node), ...(rest as unknown as Record<string, Json>) };
}

export function stepOf(item: Item): Step {
  const { pk, sk, ...rest } = item;
  const [tenant, , instance] = keyParts(pk);
  const [, node] = keyParts(sk);
  return { ...rest, tenant, instance, node } as unknown as Step;
}
