/**
 * The table: one small port for everything that is remembered (design, decision 1).
 *
 * An item lives in a partition (`pk`) at a place in its order (`sk`). Two adapters keep the same guarantees:
 * LMDB for one machine, DynamoDB for AWS; the memory table is the readable reference. Each sentence marked with
 * a number is held by one test of `test/contract/table.contract.ts`, which runs on every adapter.
 */
import type { Json } from '../json.ts';

export interface Key {
  /** Partition key: 1 to 512 bytes of UTF-8. */
  readonly pk: string;
  /** Sort key: 1 to 512 bytes of UTF-8. Within a partition, items are ordered by the bytes of their sort keys. */
  readonly sk: string;
}

/**
 * An item: its key, what the table itself understands, and any other JSON fields. Fields that are `undefined` are dropped. Every table
 * takes items of 256 KiB of JSON, and larger ones if their large fields repeat themselves much, as state machines do.
 */
export interface Item extends Key {
  /** Items that carry an index value are found by it, ordered by (`pk`, `sk`). 1 to 512 bytes of UTF-8. */
  readonly index?: string;
  /** Counts the writes of this item: the writer sets it, the condition `revision` compares it. An absent one counts as 0. */
  readonly revision?: number;
  /** Epoch seconds after which the item is garbage: it may be removed at any later time, never before. Not a timer. */
  readonly expiresAt?: number;
  readonly [field: string]: Json | undefined;
}

/** What must be true of the stored item for a write to happen. */
export type Condition =
  | 'absent'
  | 'present'
  /** The item exists and each named field has this value (scalars only). */
  | { readonly equals: Readonly<Record<string, string | number | boolean>> }
  /** The item exists and its revision is this number. */
  | { readonly revision: number };

export type Write =
  /** Replaces the whole item. */
  | { readonly put: Item; readonly if?: Condition }
  | { readonly delete: Key; readonly if?: Condition }
  /** Writes nothing; its condition takes part in the decision. */
  | { readonly check: Key; readonly if: Condition };

/** A group of writes that happen together or not at all. */
export interface WriteGroup {
  /**
   * What this group decides, in two dotted words: `send.claim`, `wait.register`. It names the group in errors, metrics and
   * fault injection; it is never stored.
   */
  readonly name: string;
  /** 1 to 100 writes, no two of the same key. */
  readonly writes: readonly Write[];
}

export type WriteAnswer =
  | { readonly done: true }
  /** At least one condition did not hold, and nothing was written. */
  | { readonly done: false; readonly refused: readonly Refusal[] };

export interface Refusal {
  /** Position in `writes`. */
  readonly at: number;
  /** The stored item that made the condition fail; absent when there is none. */
  readonly current?: Item;
}

export interface PartitionQuery {
  readonly pk: string;
  /** Only items whose sort key begins with this. */
  readonly prefix?: string;
  /** Only items after this sort key, in the direction of reading: the last `sk` of the previous page. */
  readonly after?: string;
  /** Only items whose sort key is below this one (exclusive), whatever the direction. */
  readonly below?: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Read from the end of the order to its beginning. */
  readonly backward?: boolean;
}

export interface IndexQuery {
  readonly index: string;
  /** Only items after this key, in the direction of reading: the key of the last item of the previous page. */
  readonly after?: Key;
  /** 1 to 1,000. */
  readonly limit: number;
  readonly backward?: boolean;
}

export interface Page {
  readonly items: readonly Item[];
  /** True when items may remain after the last one; ask again with `after`. */
  readonly more: boolean;
}

/**
 * Errors: `table.unavailable` when the store did not answer or could not write: nothing is known to be written, and
 * trying again is right. `table.misuse` when the call itself is wrong (sizes, counts, two writes of one key).
 */
export interface Table {
  /** (1) Answers the item as it was last written, or undefined. (2) Sees every write acknowledged before the call. */
  get(key: Key): Promise<Item | undefined>;

  /**
   * (3) Answers items of one partition in order of sort key. (4) Pages: following `after` visits every item that stays in
   * place exactly once. (5) Sees every write acknowledged before the call.
   */
  query(query: PartitionQuery): Promise<Page>;

  /**
   * (6) Answers items by their index value, ordered by pk, then sk. (7) Eventually agrees with the table: at once on one
   * machine, within about a second on AWS.
   */
  queryIndex(query: IndexQuery): Promise<Page>;

  /**
   * (8) All writes of the group happen, or none. (9) Conditions are judged against the stored items at one instant, before
   * any write of the group. (10) Of any number of concurrent groups whose conditions exclude each other, exactly one happens.
   * (11) Once acknowledged, a write survives the death of the process and the loss of power. (12) A refusal tells every
   * failed condition with the stored item, and is itself as durable as what it tells.
   */
  write(group: WriteGroup): Promise<WriteAnswer>;
}
