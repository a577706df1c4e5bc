/** The only source of time. */
export interface Clock {
  /** Epoch milliseconds; never goes back within one process. */
  now(): number;
  /** Calls back once, as soon as `now()` is at or after the instant. Answers a function that cancels it. Not durable. */
  wakeAt(instant: number, callback: () => void): () => void;
}
