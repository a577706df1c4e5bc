/**
 * Prices of AWS in us-east-1, in US dollars, as read on 2026-11-22, without the free tiers; and what cannot be counted here, because it
 * depends on traffic or on machines of AWS: those are assumptions, and are printed as such.
 */

/** Dollars for a million, unless said. */
export const price = {
  transition: 25,
  lambdaRequest: 0.2,
  /** For a million GB-seconds, arm64. */
  lambdaGigabyteSecond: 13.3334,
  writeUnit: 0.625,
  readUnit: 0.125,
  sqsRequest: 0.4,
  busEvent: 1,
  mail: 100,
  /** For one GB taken in. */
  logGigabyte: 0.5,
} as const;

export const assumed = {
  /** Milliseconds of a function that asks the table, and of one that calls a provider as well. */
  tableMs: 25,
  providerMs: 120,
  /** Messages that one invocation is given, where they come in batches. */
  batch: 10,
  /** Of each function, in GB (`lib/cdk/engine-function.ts`). */
  memoryGigabytes: 0.5,
  /** Of one invocation, in KB. */
  logKilobytes: 1,
} as const;
