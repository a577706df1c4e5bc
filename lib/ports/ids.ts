/** The only source of new identities. */
export interface Ids {
  /**
   * A new id of 20 characters of `[0-9A-Za-z]`: 8 for the millisecond `at`, 12 for chance. Ids of later milliseconds sort after
   * ids of earlier ones, so neighbours in time are neighbours in the table.
   */
  next(at: number): string;
}
