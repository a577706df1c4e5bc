/**
 * A running table: what is written goes to the commit log in batches, and from there to the data file. A batch that fails is undone
 * and leaves nothing behind; a data file that fails is opened again, while the log keeps what it did not take.
 */
import type { CommitLog } from './commit-log.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { createInOrder } from './in-order.ts';
import type { LmdbFile } from './lmdb-file.ts';
import { createSettling, type SettlingPace } from './settling.ts';
import { createContents, keepChanges, undoChanges, type TableContents } from './table-contents.ts';

export interface OpenTable {
  /**
   * Does the work at once, or in the order of the calls as soon as the data file is open again. Rejects in the port's words with
   * what the work throws, or with the reason why the file does not open.
   */
  use<T>(call: string, work: (contents: TableContents) => T | Promise<T>): Promise<T>;
  readonly commits: GroupCommit;
  stats(): TableStats;
  /** Settles what is under way, moves it into the data file and closes everything. */
  close(): Promise<void>;
}

export interface TableStats {
  /** Size of the data file and of the log. */
  readonly diskBytes: number;
  /** Batches that became durable since the table was opened. */
  readonly commits: number;
}

export interface RunTableOptions {
  readonly file: LmdbFile;
  readonly log: CommitLog;
  /** Number of the last batch that was ever durable; the data file has it. */
  readonly last: number;
  readonly pace: SettlingPace;
}

export function runTable({ file, log, last, pace }: RunTableOptions): OpenTable {
  let isClosed = false;
  let commitCount = 0;
  const contents = createContents(file, () => commits.collecting());
  const settling = createSettling(
    { ...contents, log, pace, isAppending: () => commits.isCommitting() },
    last,
  );
  const commits = createGroupCommit(
    {
      async commit(batch) {
        contents.expiryLog.seal(batch);
        await settling.room();
        await log.append(batch.number, batch.changes);
      },
      committed(batch) {
        commitCount += 1;
        keepChanges(contents, batch);
        settling.committed(batch.number);
      },
      failed(batches) {
        undoChanges(contents, batches);
      },
    },
    last,
  );

  const inOrder = createInOrder(
    () => file.isOpen() && !isClosed,
    async () => {
      if (isClosed) throw new Error('the table is closed');
      if (!file.isOpen()) await file.reopen();
    },
  );

  return {
    use: (call, work) =>
      inOrder.run(call, () => {
        contents.records.trim();
        return work(contents);
      }),
    commits,
    stats: () => ({ diskBytes: file.sizeBytes() + log.diskBytes(), commits: commitCount }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await commits.idle();
      // What the data file does not take stays in the log, for the next opening.
      await settling.finish().catch(() => undefined);
      await log.close();
      await file.close();
    },
  };
}
