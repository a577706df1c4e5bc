/**
 * The step: one node run of one instance. There is at most one per node and instance (semantics T2), so the row is also the
 * claim of everything the node may do once: its message, its conversion.
 */
import type { JsonObject } from '../../json.ts';
import type { Delivery } from '../../nodes/node-type.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';
import { copyOptional, namesOf } from './optional-fields.ts';

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
  /** Name of the provider; absent when none was to be called. */
  readonly provider?: string;
  readonly status: 'sending' | 'retrying' | Delivery['status'];
  /** 1 for the first. */
  readonly attempt: number;
  /** When it was claimed, in epoch milliseconds: the time under which it counts for frequency caps, if it does. */
  readonly at?: number;
  /** An earlier attempt broke off and may have left. */
  readonly uncertain?: boolean;
  /** The process that claimed it, and until when (epoch milliseconds) it may still be at it. */
  readonly owner?: string;
  readonly leaseUntil?: number;
  readonly providerMessageId?: string;
  readonly detail?: string;
}

export interface Conversion {
  readonly name: string;
  readonly value?: number;
  readonly metadata?: JsonObject;
}

export function isSettled(step: Step): boolean {
  return step.status === 'completed' || step.status === 'failed' || step.status === 'cancelled';
}

export function stepItem(step: Step): Item {
  const { pk, sk } = keys.step(step.tenant, step.instance, step.node);
  const item: Record<string, unknown> = {
    pk,
    sk,
    version: step.version,
    status: step.status,
    startedAt: step.startedAt,
  };
  copyOptional(optionalFields, step, item);
  return item as Item;
}

export function stepOf(item: Item): Step {
  const [tenant = '', , instance = ''] = keyParts(item.pk);
  const [, node = ''] = keyParts(item.sk);
  const stored = item as unknown as Step;
  const { version, status, startedAt } = stored;
  const step: Step = { tenant, instance, node, version, status, startedAt };
  copyOptional(optionalFields, stored, step as unknown as Record<string, unknown>);
  return step;
}

const optionalFields = namesOf<Step>({
  branch: true,
  result: true,
  notes: true,
  endedAt: true,
  send: true,
  conversion: true,
});
