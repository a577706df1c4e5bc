/**
 * The instance: one customer in one journey. This row is our truth and the only judge of every race about it: whoever wins the
 * conditional write on its revision has decided (design, decision 2).
 */
import type { Json, JsonObject } from '../../json.ts';
import { isTerminalStatus, type InstanceStatus } from '../../journey/lifecycle.ts';
import type { Rule } from '../../journey/rule.ts';
import type { Item } from '../../ports/table.ts';
import { journeyIndex, keyParts, keys } from './keys.ts';

export interface Instance {
  readonly tenant: string;
  readonly id: string;
  readonly journey: string;
  readonly version: number;
  readonly customer: string;
  /** The entry node whose trigger fired. */
  readonly entry: string;
  readonly status: InstanceStatus;
  /** Number of the execution that may act for this instance; all others are superseded. */
  readonly epoch: number;
  /** Counts the writes of this row. */
  readonly revision: number;
  /** Where the customer is: one token in each place. */
  readonly tokens: readonly Token[];
  /** Outcomes that are decided but not yet known to have reached the execution. */
  readonly answers: readonly Answer[];
  /** Ids of the events that this instance has used: none is used twice. */
  readonly consumed: readonly string[];
  /** The instance that this customer had in this journey before. */
  readonly previous?: string;
  readonly event?: EntryEvent;
  readonly context?: JsonObject;
  /** Epoch milliseconds. */
  readonly enteredAt: number;
  readonly completedAt?: number;
  readonly exitReason?: string;
}

export interface Token {
  readonly node: string;
  /** Present while the node is parked. */
  readonly wait?: OpenWait;
}

export interface OpenWait {
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** When it was registered, in epoch milliseconds. */
  readonly since: number;
  /** The event type waited for; absent for a wait on time alone. */
  readonly eventType?: string;
  /** What the event's data must fulfil. */
  readonly filter?: Rule;
  /** Answers the parked task; absent between two executions. */
  readonly task?: string;
}

export interface Answer {
  /** The node whose wait is over. */
  readonly node: string;
  readonly task: string;
  readonly branch?: string;
}

export interface EntryEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

export function isTerminal(instance: Pick<Instance, 'status'>): boolean {
  return isTerminalStatus(instance.status);
}

/** Empty lists are not stored; the key's own parts are not stored again. */
export function instanceItem(instance: Instance): Item {
  const { tenant, id, tokens, answers, consumed, ...rest } = instance;
  return {
    ...keys.instance(tenant, id),
    index: journeyIndex(tenant, instance.journey),
    ...(rest as unknown as Record<string, Json>),
    ...(tokens.length > 0 ? { tokens: tokens as unknown as Json } : {}),
    ...(answers.length > 0 ? { answers: answers as unknown as Json } : {}),
    ...(consumed.length > 0 ? { consumed } : {}),
  };
}

export function instanceOf(item: Item): Instance {
  const { pk, sk: _sk, index: _index, ...rest } = item;
  const [tenant, , id] = keyParts(pk);
  return { tokens: [], answers: [], consumed: [], ...rest, tenant, id } as unknown as Instance;
}

/** Execution names are unique per account: instance and epoch, never a customer id (semantics 7.12.10). */
export function executionName(instance: Pick<Instance, 'id' | 'epoch'>): string {
  return `${instance.id}-${instance.epoch}`;
}
