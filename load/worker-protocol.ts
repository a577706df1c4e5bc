/** What the load runner and its worker process say to each other. */
export type Command =
  | { readonly do: 'customers'; readonly count: number }
  | {
      readonly do: 'start' | 'dispatch';
      readonly customers: readonly number[];
      readonly concurrency: number;
    }
  | { readonly do: 'memory' }
  | { readonly do: 'close' };

export type Figures = Readonly<Record<string, number>>;

export interface Ready {
  readonly ready: true;
  /** From opening the folder to having recovered. */
  readonly openedMs: number;
  /** From the start of the process to being able to answer. */
  readonly sinceProcessStartMs: number;
}
