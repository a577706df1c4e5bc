/**
 * Opens a table and keeps it alive: batches go to the commit log, then to the data file. What an earlier process left in its log is
 * brought to the data file first.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { openCommitLog, readCommitLog, type CommitLog } from './commit-log.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { createInOrder } from './in-order.ts';
import { openLmdbFile, type Durability, type LmdbFile } from './lmdb-file.ts';
import { createSettling, type SettlingPace } from './settling.ts';
import { readStoredBatch, setStoredBatch } from './stored-batch.ts';
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

export interface OpenTableOptions {
  readonly folder: string;
  readonly durability: Durability;
  readonly pace: SettlingPace;
}

/** Throws LMDB's or the operating system's error, or `table.damaged`, when the folder cannot be opened. */
export async function openTable({
  folder,
  durability,
  pace,
}: OpenTableOptions): Promise<OpenTable> {
  const file = openLmdbFile(folder, durability);
  try {
    const last = await recover(file, folder);
    const log = await openCommitLog(folder, durability);
    log.truncate();
    if (durability === 'flushed') flushFolder(folder);
    return runTable(file, log, last, pace);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Brings to the data file what is in the log alone; answers the last batch that was ever durable. */
async function recover(file: LmdbFile, folder: string): Promise<number> {
  const stored = readStoredBatch(file);
  const { changes, last } = readCommitLog(folder, stored);
  if (last === stored) return stored;
  setStoredBatch(changes, last);
  await file.commit(changes);
  return last;
}

function runTable(file: LmdbFile, log: CommitLog, last: number, pace: SettlingPace): OpenTable {
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

/** The names of new files are on disk, too. Windows cannot flush a folder and has no need to. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
