/**
 * Runs JavaScript that a tenant wrote, where it can reach nothing: no files, no network, no clock, no chance, nothing of this
 * program. The same code on the same facts gives the same answer on every machine, as far as counting steps can see to that.
 */
import type { Json, JsonObject } from '../json.ts';

export interface CodeRunner {
  /** What keeps the source from ever running, in words that follow its name; undefined when nothing does. */
  check(source: string): Promise<string | undefined>;
  /** Never rejects because of the code: whatever it does is an answer. Each run begins afresh. */
  run(job: CodeJob): Promise<CodeAnswer>;
}

export interface CodeJob {
  /**
   * The body of a function, whose `return` is the result; or a script, whose last expression is. It reads the facts and `now` as
   * variables.
   */
  readonly source: string;
  /** By the name of the variable: `customer`, `event`, `context`, `accumulated`. */
  readonly facts: JsonObject;
  /** Epoch milliseconds; the code's only notion of time. */
  readonly now: number;
  /** What the code may use on an ordinary machine, counted in steps and not by the clock. */
  readonly timeoutMs: number;
}

export type CodeAnswer =
  /** Without a value when the code gives `undefined`. */
  | { readonly kind: 'returned'; readonly value?: Json }
  | { readonly kind: 'failed'; readonly code: CodeFailure; readonly detail: string };

export type CodeFailure =
  | 'code.syntax'
  | 'code.threw'
  | 'code.timed_out'
  | 'code.out_of_memory'
  | 'code.stack_overflow'
  /** It gives a promise: nothing in a journey waits for one. */
  | 'code.asynchronous'
  | 'code.result_not_json'
  | 'code.result_too_large'
  /** It brought the interpreter down, which harms nothing else. */
  | 'code.crashed';

/** Bytes of UTF-8 of a result as JSON. */
export const resultBytesMax = 16_384;
