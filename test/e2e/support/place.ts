/** Where the tests find what was deployed for them. The clients of AWS find it by the usual variables. */
export interface Place {
  readonly endpoint: string;
  readonly emulator: 'ministack' | 'localstack';
  readonly stage: string;
  /** Deployed with the app; tests may add more. */
  readonly tenants: readonly string[];
  readonly apiUrl: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Usage plan for the keys of tenants that tests add. */
  readonly usagePlan: string;
  /** MiniStack leaves the tags of mails out of its outbox: they are here. */
  readonly tagsUrl?: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    place: Place;
  }
}
