/**
 * The table on one machine's disk: LMDB under the table port, with a commit log in front. Groups are judged in the order of the
 * calls and become durable in that order, many of them with one write to the log; whoever is told an outcome is told what is on
 * disk. LMDB's random writes happen later, in the background, once for many groups.
 *
 * This process must be the only one that has the folder open: `lib/local/data-folder.ts` sees to that.
 */
import type { Durability } from './lmdb/lmdb-file.ts';
import { openTable } from './lmdb/open-table.ts';
import { createPortTable, type LmdbTable } from './lmdb/port-table.ts';
import { usualPace, type SettlingPace } from './lmdb/settling.ts';
import { tableError } from './lmdb/table-error.ts';

export type { LmdbTable } from './lmdb/port-table.ts';

export interface LmdbTableOptions {
  /** For the table's files alone; created when absent. */
  readonly folder: string;
  /**
   * `flushed` (the default): an acknowledged write survives the loss of power. `operating-system`: it survives the death of the
   * process only, and a loss of power may damage the file; for tests and throw-away data.
   */
  readonly durability?: Durability;
  /** When the commit log is moved into the data file. The default suits ordinary disks. */
  readonly pace?: Partial<SettlingPace>;
}

/**
 * Beyond the port it promises: groups are judged in the order of the calls and become durable in that order, so that a caller may
 * start a second group before the first is acknowledged, and never finds the second on disk without the first.
 *
 * Throws `table.unavailable` when the folder cannot be opened, `table.damaged` when its files do not belong together.
 */
export async function createLmdbTable({
  folder,
  durability = 'flushed',
  pace = {},
}: LmdbTableOptions): Promise<LmdbTable> {
  const open = await openTable({ folder, durability, pace: { ...usualPace, ...pace } }).catch(
    (error: unknown) => {
      throw tableError('opening', error);
    },
  );

  return createPortTable(open);
}
