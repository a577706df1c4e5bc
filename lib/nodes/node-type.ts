/**
 * What a node type is: one value per type, listed once in `catalogue.ts`.
 *
 * A node type is pure. It never does anything: `run` looks at the facts and answers with an outcome, and the engine makes
 * the outcome true (sends the message, parks the wait, changes the profile) behind its claims. Running twice with the same
 * facts therefore gives the same outcome.
 */
import type { z } from 'zod';
import type { Json, JsonObject } from '../json.ts';
import type { ChannelName } from '../journey/channel-name.ts';
import type { SendTimes } from '../journey/frequency-cap.ts';
import type { FrequencyCap } from '../journey/graph.ts';
import type { Rule } from '../journey/rule.ts';
import type { Problem } from '../kalcifer-error.ts';

export interface NodeType<Config = never> {
  /** As journey JSON spells it: `send_email`. */
  readonly type: string;
  readonly category: 'entry' | 'channel' | 'logic' | 'data' | 'exit';
  /** `core` types are fixed by the semantics (3 entry, 5 channel, 6 logic, 4 data, 2 exit); others are `extended`. */
  readonly set: 'core' | 'extended';
  /** One line for editors and documentation. */
  readonly summary: string;
  /** Strict: unknown keys are refused. Its output is what every function below receives. */
  readonly config: z.ZodType<Config>;
  /** What the schema cannot say. Problems carry a message only; the place is added by the caller. */
  readonly validate?: (config: Config) => readonly Pick<Problem, 'message' | 'hint'>[];
  /** Labels of the edges that leave the node; absent for a type that does not branch, empty for a node that does not. */
  readonly branches?: (config: Config) => readonly string[];
  /** True when running the node ends the instance: no edge may leave it. */
  readonly ends?: (config: Config) => boolean;
  /** What enrols customers at this node; present exactly on entry types. */
  readonly entry?: (config: Config) => EntryTrigger;
  /** How long the node may park; present exactly on types whose `run` can answer `waiting`. */
  readonly parking?: (config: Config) => Parking;
  /** A cap that every send inherits which can only be reached by this branch of the node (semantics 3.4). */
  readonly cap?: (config: Config) => { readonly cap: FrequencyCap; readonly branch: string };
  /** What `run` looks at besides the instance itself; the engine loads no more than this. `template`: the one it will render. */
  readonly needs?: (config: Config, template?: Template) => readonly Need[];
  /** Id of the template in the tenant's library that `run` renders, given to it as `ctx.template`. */
  readonly template?: (config: Config) => string | undefined;
  /** Which way the message goes that `run` may answer with. */
  readonly sends?: (config: Config) => MessageRoute;
  /** Id of the segment that `run` asks about; whether the customer is in it is given to it as `ctx.segment`. */
  readonly segment?: (config: Config) => string;
  /** How long `run` may answer `later` in a row, in milliseconds; the machine keeps trying for longer than that. */
  readonly outageMs?: (config: Config) => number;
  /** The code that `run` may answer with: it has to be readable when the node is published. */
  readonly code?: (config: Config) => string;
  /** Names of the tenant's secrets that the node uses; they have to be there when it is published. */
  readonly secrets?: (config: Config) => readonly string[];
  readonly run: (config: Config, ctx: RunContext) => Outcome;
  /** Continues after `waiting` or `send`. */
  readonly resume?: (config: Config, ctx: RunContext, trigger: Trigger) => Outcome;
}

/**
 * Checks a node type against its own configuration, and closes it: from here on, a configuration is something that only the
 * type's own schema makes and only its own functions read, which `never` stands for.
 */
export function nodeType<Config>(type: NodeType<Config>): NodeType {
  return type as unknown as NodeType;
}

export type Need = 'customer' | 'accumulated' | 'sends';

export type EntryTrigger =
  | { readonly kind: 'event'; readonly eventType: string; readonly filter?: Rule }
  | { readonly kind: 'webhook'; readonly path: string; readonly secretRef?: string }
  | { readonly kind: 'segment'; readonly segment: string; readonly schedule?: string };

/** `fixed`: known when the journey is drawn. `computed`: known when the customer arrives (an instant, or a path to one). */
export type Parking =
  { readonly kind: 'fixed'; readonly durationMs: number } | { readonly kind: 'computed' };

/** What paths and templates resolve against. */
export interface Facts {
  /** The profile: `id`, `email`, `phone`, `name`, `properties`, `tags`, `preferences`. At least `id`. */
  readonly customer: JsonObject;
  /** The entry event: its data at the top, and `type`, `id`, `data`. */
  readonly event: JsonObject;
  /** What the caller gave at enrolment. */
  readonly context: JsonObject;
  /** Results of nodes that ran, by node id. */
  readonly accumulated: JsonObject;
}

export interface RunContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly tenant: string;
  readonly journey: string;
  readonly instance: string;
  readonly customer: string;
  readonly node: string;
  /** When this step was first tried, in epoch milliseconds: `now` the first time. */
  readonly startedAt: number;
  readonly facts: Facts;
  readonly template?: Template;
  /** When messages were sent to the customer, by any journey; given to those who need `sends`. */
  readonly sends?: SendTimes;
  /** About the type's `segment`; absent when there is no such segment. */
  readonly segment?: SegmentFact;
}

/** The channel of a message, and the provider when the node names one. */
export interface MessageRoute {
  readonly channel: ChannelName;
  readonly provider?: string;
}

/** Whether the customer is in a segment, as far as anybody can tell now. */
export type SegmentFact =
  | {
      readonly kind: 'known';
      readonly isIn: boolean;
      /** The facts that decided, in plain words. */
      readonly because: string;
    }
  | { readonly kind: 'unavailable' };

/** A message template: Liquid texts. */
export interface Template {
  readonly id: string;
  /** The only channel that it is written for; absent when any may use it. */
  readonly channel?: ChannelName;
  readonly subject?: string;
  readonly body: string;
}

export type Outcome =
  /** The step is done; follow the edges. */
  | {
      readonly kind: 'completed';
      readonly result?: JsonObject;
      readonly effects?: readonly Effect[];
      readonly notes?: readonly string[];
    }
  /** The step is done; follow the edges with this label. */
  | {
      readonly kind: 'branched';
      readonly branch: string;
      readonly result?: JsonObject;
      readonly effects?: readonly Effect[];
      readonly notes?: readonly string[];
    }
  /** The step is done and so is the journey for this customer: the instance completes. */
  | {
      readonly kind: 'ended';
      /** Kept with the instance, for people. */
      readonly reason?: string;
      readonly result?: JsonObject;
      readonly effects?: readonly Effect[];
      readonly notes?: readonly string[];
    }
  /** The step stays open until `deadline`, or until an event that matches. */
  | { readonly kind: 'waiting'; readonly wait: WaitSpec; readonly result?: JsonObject }
  /** Hand the message to a channel, then `resume` with what the provider answered. */
  | {
      readonly kind: 'send';
      readonly message: Message;
      /** Part of the step's result, whatever becomes of the message. */
      readonly result?: JsonObject;
      readonly notes?: readonly string[];
    }
  /** Nothing can be said now: the node is run again after a while, for as long as it answers this. */
  | { readonly kind: 'later'; readonly detail: string }
  /** Run the code on the facts, then `resume` with what came out. */
  | { readonly kind: 'run_code'; readonly source: string; readonly timeoutMs: number }
  /** The node failed, and with it the instance. `retryable`: worth trying again before giving up. */
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly detail: string;
      readonly retryable: boolean;
    };

/** A change that is committed together with the step, once. */
export type Effect =
  | { readonly kind: 'change_profile'; readonly fields: Readonly<Record<string, Json>> }
  | { readonly kind: 'add_tag'; readonly tag: string }
  | { readonly kind: 'remove_tag'; readonly tag: string }
  | {
      readonly kind: 'convert';
      readonly name: string;
      readonly value?: number;
      readonly metadata?: JsonObject;
    };

export interface WaitSpec {
  /** Epoch milliseconds; at this instant the wait is over (an event at exactly this instant comes too late). */
  readonly deadline: number;
  readonly event?: { readonly eventType: string; readonly filter?: Rule };
}

export interface Message extends MessageRoute {
  /** The address; absent when the customer has none for this channel. */
  readonly to?: string;
  readonly from?: string;
  readonly template?: string;
  readonly subject?: string;
  readonly body: string;
  /** Where the customer's application shows the message. */
  readonly placement?: string;
  /** Epoch milliseconds; from then on the message is not shown any more. */
  readonly expiresAt?: number;
  /** Present exactly on the channel `webhook`. */
  readonly request?: WebRequest;
}

/** How a webhook is called, besides its address and its body. */
interface WebRequest {
  readonly method: 'POST' | 'PUT';
  /** By lower-case name. A value that must not be read names a secret of the tenant. */
  readonly headers: Readonly<Record<string, string | SecretHeader>>;
  /** Everything included: name look-up, connection, redirects, answer. */
  readonly timeoutMs: number;
  /** Statuses that count as delivered; absent: any 2xx. */
  readonly expect?: readonly number[];
}

/** A header that holds a secret: `{ prefix: 'Bearer ', secretRef: 'crm' }`. */
export interface SecretHeader {
  readonly secretRef: string;
  readonly prefix?: string;
}

/** Why a step goes on. A closed list: a timer can never be taken for an event. */
export type Trigger =
  /** The time of a plain wait has come. */
  | { readonly kind: 'timer' }
  /** An event wait was not met in time. */
  | { readonly kind: 'timeout' }
  | { readonly kind: 'event'; readonly event: ReceivedEvent }
  /** The message was handed over, or not. */
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  /** The code has run, or not. */
  | { readonly kind: 'code'; readonly answer: CodeAnswer };

export type CodeAnswer =
  /** Without a value when the code gives `undefined`. */
  | { readonly kind: 'returned'; readonly value?: Json }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** `sent`: accepted by the provider. `failed`: refused. `skipped`: not tried (no address). `unknown`: nobody can tell. */
export interface Delivery {
  readonly status: 'sent' | 'failed' | 'skipped' | 'capped' | 'unknown';
  readonly detail?: string;
  readonly providerMessageId?: string;
  /** What the receiver of a webhook answered. */
  readonly response?: WebResponse;
}

export interface WebResponse {
  readonly status: number;
  /** The beginning of the body, at most 8,192 bytes. */
  readonly text: string;
  /** True when the body is longer. */
  readonly cut: boolean;
}
