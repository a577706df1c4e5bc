/** The public interface of the test kit. Names and shapes are a promise to everybody's journey tests. */
import type { BatchOutcome } from '../engine/enrolment/enrol-batch.ts';
import type { JsonObject } from '../json.ts';
import type { Problem } from '../kalcifer-error.ts';
import type { ScriptedAnswer } from './fake-channel.ts';
import type {
  ConversionView,
  DeliveryView,
  InstanceView,
  SendView,
  StepView,
} from './kit-views.ts';
import type { Leftovers } from './leftovers.ts';

export type { BatchOutcome } from '../engine/enrolment/enrol-batch.ts';
export type { ScriptedAnswer } from './fake-channel.ts';
export type {
  ConversionView,
  DeliveryView,
  InstanceView,
  SendView,
  StepView,
} from './kit-views.ts';
export type { Leftovers } from './leftovers.ts';

export interface TestkitOptions {
  /** Virtual now, ISO 8601; default `2026-01-01T00:00:00Z`. */
  readonly start?: string;
  /** Keeps the data here; default a temporary folder that `close` removes. */
  readonly dir?: string;
  /** Decides ids and the order of everything that could happen at the same time; default 1. */
  readonly seed?: number;
}

export interface PublishOptions {
  readonly tenant: string;
  readonly journey: string;
  /** Journey JSON. */
  readonly graph: unknown;
  /**
   * Caps on the messages of this journey, in any form that a graph's `frequency_cap` may have, or a list:
   * `[{ channel: 'email', max: 3, window: '1d' }]`.
   */
  readonly frequencyCaps?: unknown;
  /** When a customer may come back; default `after_completion`. */
  readonly reentry?: 'after_completion' | 'never' | { readonly after: string };
  /** Whom exhausted caps of this journey turn away at the door; default nobody. */
  readonly entryCap?: 'none' | 'requests' | 'all';
  readonly removalPolicy?: unknown;
  readonly map?: unknown;
}

export interface CustomerOptions {
  readonly tenant: string;
  readonly id: string;
  readonly email?: string;
  readonly phone?: string;
  readonly name?: string;
  readonly properties?: JsonObject;
  readonly tags?: readonly string[];
  readonly preferences?: JsonObject;
}

export interface TemplateOptions {
  readonly tenant: string;
  readonly id: string;
  /** The only channel that it is for. */
  readonly channel?: string;
  readonly subject?: string;
  readonly body: string;
}

export interface SegmentOptions {
  readonly tenant: string;
  readonly id: string;
  readonly name?: string;
  /** `{ "field": "customer.properties.plan", "value": "pro" }`, with `all`, `any` and `not`. */
  readonly rule: unknown;
}

export interface SecretOptions {
  readonly tenant: string;
  readonly name: string;
  /** 8 to 4,096 bytes. */
  readonly value: string;
}

export interface EnrollOptions {
  readonly tenant: string;
  readonly journey: string;
  readonly customer: string;
  /** Entry node; default the first in graph order. */
  readonly entry?: string;
  readonly context?: JsonObject;
}

export interface BatchOptions {
  readonly tenant: string;
  readonly journey: string;
  /** An item with an `id` is enrolled once, however often it is sent. */
  readonly items: readonly (Pick<EnrollOptions, 'customer' | 'entry' | 'context'> & {
    readonly id?: string;
  })[];
}

export interface EventOptions {
  readonly tenant: string;
  readonly customer: string;
  readonly type: string;
  readonly data?: JsonObject;
  readonly id?: string;
}

export interface SendFilter {
  readonly tenant?: string;
  readonly customer?: string;
  readonly channel?: string;
  readonly instance?: string;
  readonly node?: string;
}

/**
 * Nothing moves between two calls: `enroll` and `event` write what they decide, and `settle` and `advance` let journeys run.
 * Calls may be made at the same time; the seed then decides the order in which their parts happen. A call that is under way when
 * the process dies rejects with `testkit.killed`.
 */
export interface Testkit {
  /** @throws KalciferError `journey.invalid` with `problems` when the graph is refused */
  publish(options: PublishOptions): Promise<{ version: number; warnings: readonly Problem[] }>;
  /** Creates a customer, or changes the fields that are given. */
  customer(options: CustomerOptions): Promise<void>;
  /** Adds a message template; templates that nobody added render as an empty text. */
  template(options: TemplateOptions): Promise<void>;
  /** Sets one of the tenant's secrets, which webhooks name by `secret_ref`. */
  secret(options: SecretOptions): Promise<void>;
  /**
   * Saves a segment, which `segment_entry` and `check_segment` may then use.
   *
   * @throws KalciferError `segment.invalid` with `problems` when the rule is refused
   */
  segment(options: SegmentOptions): Promise<void>;
  /**
   * @throws KalciferError `instance.already_in_journey`, `instance.reentry_refused`, `customer.capped`, `journey.not_active`,
   *   `journey.unknown`, `input.invalid`
   */
  enroll(options: EnrollOptions): Promise<{ instance: string }>;
  /** One outcome per item, in order. @throws KalciferError as `enroll` does, for the batch as a whole */
  enrollBatch(options: BatchOptions): Promise<readonly BatchOutcome[]>;
  /** Replaces the caps on what any customer gets from all journeys of the tenant together. */
  tenantCaps(options: { readonly tenant: string; readonly caps: unknown }): Promise<void>;
  /** `routed`: waits that the event ended and instances that it took out; `enrolled`: instances that it created. */
  event(options: EventOptions): Promise<{ routed: number; enrolled: readonly string[] }>;

  /**
   * Lets virtual time pass (`'3d'`); everything that becomes due runs, in order; resolves when all is quiet. While the process is
   * dead, time passes all the same.
   */
  advance(duration: string): Promise<void>;
  /** Runs everything that is due now. */
  settle(): Promise<void>;
  /** Virtual now, ISO 8601. */
  now(): string;

  instance(id: string): Promise<InstanceView>;
  /** Ids, oldest first. */
  instances(of: {
    readonly tenant: string;
    readonly journey?: string;
    readonly customer?: string;
  }): Promise<string[]>;
  /** In the order in which they started. */
  steps(id: string): Promise<StepView[]>;
  /** Messages that a provider accepted, in order; they outlive the process. */
  sends(filter?: SendFilter): SendView[];
  deliveries(id: string): Promise<DeliveryView[]>;
  conversions(of: {
    readonly tenant: string;
    readonly journey?: string;
  }): Promise<ConversionView[]>;
  /** @throws KalciferError `customer.unknown` */
  profile(of: { readonly tenant: string; readonly id: string }): Promise<CustomerProfile>;

  /** @throws KalciferError `instance.invalid_transition` when it has ended already */
  cancel(id: string): Promise<void>;
  /** What has begun ends, nothing else begins. @throws KalciferError `instance.invalid_transition` unless it is live */
  pause(id: string): Promise<void>;
  /** @throws KalciferError `instance.invalid_transition` when it is not paused */
  resume(id: string): Promise<void>;
  /** The journey takes nobody in; whoever is in it goes on. */
  pauseJourney(of: JourneyName): Promise<void>;
  resumeJourney(of: JourneyName): Promise<void>;
  /** Closes the journey for good; `exitInstances` takes everybody out, and how many is answered. */
  archiveJourney(
    of: JourneyName & { readonly exitInstances?: boolean },
  ): Promise<{ exited: number }>;
  migrate(options: unknown): Promise<never>;
  rollback(options: unknown): Promise<never>;
  abortMigration(options: unknown): Promise<never>;

  /**
   * Says how the provider of a channel answers its next calls; afterwards it accepts again. The receiver of webhooks can also be
   * told a status and a body: `kit.channel('webhook').next({ status: 200, body: { score: 7 } })`.
   */
  channel(name: string): { next(answer: ScriptedAnswer, times?: number): void };
  /** `away`: nobody can tell who is in which segment until it is `back`. */
  segmentStore(state: 'away' | 'back'): void;
  /** The process dies the nth time (default the next) this point is reached. */
  killAt(point: string, nth?: number): void;
  /** Dies now: nothing in memory survives, nothing is flushed on the way out. */
  kill(): Promise<void>;
  /** A new process on the same folder; recovery runs. */
  restart(): Promise<void>;
  /** Names for `killAt`, in the order of a step. */
  killPoints(): readonly string[];
  /** What ended instances left behind: all 0 in a healthy system. */
  leftovers(): Promise<Leftovers>;
  close(): Promise<void>;
}

export interface JourneyName {
  readonly tenant: string;
  readonly journey: string;
}

export interface CustomerProfile {
  readonly id: string;
  readonly email?: string;
  readonly phone?: string;
  readonly name?: string;
  readonly properties: JsonObject;
  readonly preferences: JsonObject;
  readonly tags: readonly string[];
}
