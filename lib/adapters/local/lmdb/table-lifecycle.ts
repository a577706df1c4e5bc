/**
 * The life of an open table: file open, batches going to disk, and after a commit that failed everything from the beginning. What
 * was judged on top of a failed commit is forgotten with it, and the next call opens the file again, as often as it takes.
 */
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { openLmdbFile, type Durability, type LmdbFile } from './lmdb-file.ts';
import { openContents, type TableContents } from './table-contents.ts';

export interface TableLifecycle {
  /** Undefined while the file has to be opened again first. */
  contents(): TableContents | undefined;
  reopened(): Promise<TableContents>;
  readonly commits: GroupCommit;
  stats(): TableStats;
  /** Settles what is under way, then closes the file for good. */
  close(): Promise<void>;
}

export interface TableStats {
  /** Size of the data file; 0 while it is not open. */
  readonly fileBytes: number;
  /** Transactions that reached the disk since the table was opened. */
  readonly commits: number;
}

/** Throws LMDB's or the operating system's error when the file cannot be opened. */
export function openTable(folder: string, durability: Durability): TableLifecycle {
  let contents: TableContents | undefined = open();
  let abandoned: LmdbFile | undefined;
  let reopening: Promise<TableContents> | undefined;
  let closed = false;
  let commitCount = 0;

  function open(): TableContents {
    return openContents(openLmdbFile(folder, durability), () => commits.collecting());
  }

  async function reopen(): Promise<TableContents> {
    try {
      await abandoned?.close();
      abandoned = undefined;
      if (closed) throw new Error('the table is closed');
      contents = open();
      return contents;
    } finally {
      reopening = undefined;
    }
  }

  const commits = createGroupCommit({
    async commit(batch) {
      contents?.expiryLog.seal(batch);
      await contents?.file.commit(batch.changes);
    },
    committed(batch) {
      commitCount += 1;
      contents?.records.committed(batch);
    },
    failed() {
      abandoned = contents?.file;
      contents = undefined;
    },
  });

  return {
    contents: () => (closed ? undefined : contents),
    reopened: () => (reopening ??= reopen()),
    commits,
    stats: () => ({ fileBytes: contents?.file.sizeBytes() ?? 0, commits: commitCount }),
    async close() {
      closed = true;
      await commits.idle();
      await (contents?.file ?? abandoned)?.close();
      contents = undefined;
    },
  };
}
