/** One change of one row of the table, as a stream of changes tells it: what was there before, and what is there now. */
import type { Item } from '../../ports/table.ts';

export interface RowChange {
  /** Absent when the row is new. */
  readonly before?: Item;
  /** Absent when the row is gone. */
  readonly after?: Item;
}
