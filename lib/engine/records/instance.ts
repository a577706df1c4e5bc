/**
 * The instance: one customer in one journey. This row is our truth and the only judge of every race about it: whoever wins the
 * conditional write on its revision has decided (design, decision 2).
 */
import type { JsonObject } from '../../json.ts';
import { isTerminalStatus, type InstanceStatus } from '../../journey/lifecycle.ts';
import type { Rule } from '../../journey/rule.ts';
import type { ReceivedEvent } from '../../nodes/node-type.ts';
import type { Item } from '../../ports/table.ts';
import { journeyIndex, keyParts, keys } from './keys.ts';
import { copyOptional, namesOf } from './optional-fields.ts';

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
  /** Present exactly while the status is `paused`. */
  readonly pause?: Pause;
  /** Tasks of joins that run as soon as nobody else can come to them. */
  readonly joins?: readonly Gate[];
  /** What would take the customer out, so that it is unregistered at the end; absent when nothing would. */
  readonly exitWatch?: ExitWatch;
  /** How many executions ended while the customer was still on the way, who was taken up by the next one. */
  readonly takenUp?: number;
  /** What was done to the instance from outside, oldest first; the latest twenty. `held`: an event came during a pause. */
  readonly interventions?: readonly Intervention[];
}

interface Pause {
  /** What the instance was and comes back to; follows its tokens while a step that had begun ends. */
  readonly from: 'pending' | 'running' | 'waiting';
  /** Tasks of executions that have come to a node and stay before it. */
  readonly gates: readonly Gate[];
  /** A step that had begun when the pause came has ended the instance: this takes effect when it is resumed. */
  readonly ending?: { readonly status: 'completed' | 'failed'; readonly reason?: string };
}

export interface Gate {
  readonly node: string;
  readonly task: string;
}

/** What is registered for this instance beside its waits. */
export interface ExitWatch {
  /** Types of events that may take the customer out. */
  readonly eventTypes: readonly string[];
  /** Whether a change of the profile may. */
  readonly profile: boolean;
}

export interface Intervention {
  readonly kind: 'paused' | 'held' | 'resumed' | 'exited';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why, in plain words. */
  readonly note: string;
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
  /** The event that ended the wait while the instance was paused: it takes effect when it is resumed. */
  readonly held?: ReceivedEvent;
}

export interface Answer {
  /** The node whose wait is over, or at which a pause is. */
  readonly node: string;
  /** Absent between two executions: what is owed then is the start of the next one. */
  readonly task?: string;
  readonly branch?: string;
  /** The task is the pause gate: its answer is the node to go on at. */
  readonly gate?: true;
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
  const { tenant, id, journey, tokens, answers, consumed } = instance;
  const { pk, sk } = keys.instance(tenant, id);
  const item: Record<string, unknown> = {
    pk,
    sk,
    index: journeyIndex(tenant, journey),
    journey,
    version: instance.version,
    customer: instance.customer,
    entry: instance.entry,
    status: instance.status,
    epoch: instance.epoch,
    revision: instance.revision,
    enteredAt: instance.enteredAt,
  };
  if (tokens.length > 0) item.tokens = tokens;
  if (answers.length > 0) item.answers = answers;
  if (consumed.length > 0) item.consumed = consumed;
  copyOptional(optionalFields, instance, item);
  return item as Item;
}

export function instanceOf(item: Item): Instance {
  const [tenant = '', , id = ''] = keyParts(item.pk);
  const stored = item as unknown as Instance;
  const instance: Instance = {
    tenant,
    id,
    journey: stored.journey,
    version: stored.version,
    customer: stored.customer,
    entry: stored.entry,
    status: stored.status,
    epoch: stored.epoch,
    revision: stored.revision,
    tokens: item.tokens === undefined ? [] : stored.tokens,
    answers: item.answers === undefined ? [] : stored.answers,
    consumed: item.consumed === undefined ? [] : stored.consumed,
    enteredAt: stored.enteredAt,
  };
  copyOptional(optionalFields, stored, instance as unknown as Record<string, unknown>);
  return instance;
}

const optionalFields = namesOf<Instance>({
  previous: true,
  event: true,
  context: true,
  completedAt: true,
  exitReason: true,
  pause: true,
  joins: true,
  exitWatch: true,
  takenUp: true,
  interventions: true,
});

/** Execution names are unique per account: instance and epoch, never a customer id (semantics 7.12.10). */
export function executionName(instance: Pick<Instance, 'id' | 'epoch'>): string {
  return `${instance.id}-${instance.epoch}`;
}
