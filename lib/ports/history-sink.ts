/**
 * The history sink: takes in the rows that analytics is computed from. Recording may be repeated, late and out of order: a row has
 * an id that follows from what it tells, and whoever counts, counts ids.
 */

export interface HistorySink {
  /**
   * Once acknowledged, the rows reach analytics at some time, each at least once, in any order. A row whose id was recorded before
   * changes nothing.
   *
   * Errors: `history.unavailable`: some of the rows may be recorded, and recording all of them again is right.
   */
  record(rows: readonly HistoryRow[]): Promise<void>;
}

/** What a row tells. A kind that is not here belongs to a later release. */
export const historyKinds = [
  /** A customer entered the journey. */
  'entered',
  /** A step is under way: it waits, or its message is being sent. A step that ends at once has no such row. */
  'step_started',
  'step_ended',
  /** What became of a message as our own call found it. */
  'send_settled',
  /** What the provider reported of it later. */
  'delivery_reported',
  /** A goal was reached or a conversion tracked. */
  'converted',
  'paused',
  'resumed',
  /** The journey is over for the customer. */
  'ended',
] as const;

export type HistoryKind = (typeof historyKinds)[number];

/** One fact about one instance. It holds ids, names from the graph and numbers: never texts, addresses or properties of a customer. */
export interface HistoryRow {
  /** A UUID: the same fact has the same id, however often and from wherever it is told. */
  readonly eventId: string;
  readonly kind: HistoryKind;
  readonly tenant: string;
  readonly journey: string;
  readonly version: number;
  readonly instance: string;
  /** As the tenant calls the customer. */
  readonly customer: string;
  /** Epoch milliseconds: when it happened, not when it was told. */
  readonly at: number;
  /** Absent for facts about the whole instance; of `entered`, the entry. */
  readonly node?: string;
  readonly nodeType?: string;
  /** The branch that a step took. */
  readonly branch?: string;
  /**
   * Of a step `waiting`, `sending`, `completed`, `failed`, `cancelled`; of a message `sent`, `skipped`, `delivered`, `bounced` ...;
   * of an instance `completed`, `exited`, `failed`.
   */
  readonly status?: string;
  /** Stable code of why an instance ended. */
  readonly reason?: string;
  /** Epoch milliseconds: when a step that has ended began. */
  readonly startedAt?: number;
  readonly channel?: string;
  readonly provider?: string;
  /** How often a message was handed to the provider. */
  readonly attempts?: number;
  /** Of a conversion, its name; of `entered`, the type of the event that let the customer in. */
  readonly name?: string;
  /** What a conversion is worth. */
  readonly value?: number;
  /** Number of the execution that acted for the instance. */
  readonly epoch?: number;
}
