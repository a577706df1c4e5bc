/** The only source of chance; seeded in tests. */
export interface Chance {
  /** A number in [0, 1), evenly spread. */
  next(): number;
}
