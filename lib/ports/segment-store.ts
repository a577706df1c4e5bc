/** Who is in which segment: asked by nodes that branch on it. The store may be another than the table, and may be away alone. */

export interface SegmentStore {
  /**
   * Answers by the rule and the profile as they are now; undefined when the tenant has no such segment.
   *
   * Errors: `segment_store.unavailable` or `table.unavailable` when nobody can tell now, and trying again is right.
   */
  find(of: {
    readonly tenant: string;
    readonly segment: string;
    readonly customer: string;
  }): Promise<SegmentAnswer | undefined>;
}

interface SegmentAnswer {
  readonly isIn: boolean;
  /** The facts that decided, in plain words. */
  readonly because: string;
}
