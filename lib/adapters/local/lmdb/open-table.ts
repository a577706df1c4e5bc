/**
 * Opens a table. What an earlier process left in its commit log is brought to the data file first.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { openCommitLog, readCommitLog } from './commit-log.ts';
import { openLmdbFile, type Durability, type LmdbFile } from './lmdb-file.ts';
import { runTable, type OpenTable } from './run-table.ts';
import type { SettlingPace } from './settling.ts';
import { readStoredBatch, setStoredBatch } from './stored-batch.ts';

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
    return runTable({ file, log, last, pace });
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
