/** Where messages go with which nothing can be done as they are: kept, and looked at by a person. */
export interface DeadLetters {
  /**
   * Once acknowledged, the letters are kept. Putting one again keeps it twice.
   *
   * Errors: `dead_letters.unavailable` when some may not be kept, and putting all of them again is right.
   */
  put(letters: readonly DeadLetter[]): Promise<void>;
}

export interface DeadLetter {
  /** As it should be tried again once the cause is removed. */
  readonly body: string;
  /** Safe to show: a code, never what the message holds. */
  readonly why: string;
}
