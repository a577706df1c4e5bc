/** A real table on a real folder whose disk fails on demand: the log, the data file, or opening the data file again. */
import { mkdirSync } from 'node:fs';
import { openCommitLog, type CommitLog } from '../../../lib/adapters/local/lmdb/commit-log.ts';
import { openLmdbFile, type LmdbFile } from '../../../lib/adapters/local/lmdb/lmdb-file.ts';
import { createPortTable, type LmdbTable } from '../../../lib/adapters/local/lmdb/port-table.ts';
import { runTable } from '../../../lib/adapters/local/lmdb/run-table.ts';
import type { SettlingPace } from '../../../lib/adapters/local/lmdb/settling.ts';

interface Faults {
  /** Appending to the log fails: `before` anything is written, or `after` it, so that nobody knows. */
  log?: 'before' | 'after';
  /** Called while a batch is on its way to the log. */
  whileAppending?: () => void;
  dataFile?: boolean;
  reopening?: boolean;
}

export interface FaultyTable extends LmdbTable {
  readonly faults: Faults;
  /** How often each fault happened. */
  readonly happened: { log: number; dataFile: number; reopening: number };
}

const noSpace = 'ENOSPC: no space left on device, write';

export async function openFaultyTable(folder: string, pace: SettlingPace): Promise<FaultyTable> {
  mkdirSync(folder, { recursive: true });
  const faults: Faults = {};
  const happened = { log: 0, dataFile: 0, reopening: 0 };
  const file = faultyFile(openLmdbFile(folder, 'flushed'), faults, happened);
  const log = faultyLog(await openCommitLog(folder, 'flushed'), faults, happened);
  return { ...createPortTable(runTable({ file, log, last: 0, pace })), faults, happened };
}

function faultyLog(log: CommitLog, faults: Faults, happened: { log: number }): CommitLog {
  return {
    ...log,
    async append(number, changes) {
      const fault = faults.log;
      faults.whileAppending?.();
      if (fault !== undefined) happened.log += 1;
      if (fault === 'before') throw new Error(noSpace);
      await log.append(number, changes);
      if (fault === 'after') throw new Error(noSpace);
    },
  };
}

/** Like LMDB after a failed write of its root: nothing works until it is opened again. */
function faultyFile(
  file: LmdbFile,
  faults: Faults,
  happened: { dataFile: number; reopening: number },
): LmdbFile {
  let isBroken = false;
  return {
    ...file,
    isOpen: () => !isBroken && file.isOpen(),
    read(tree, key) {
      if (isBroken) throw new Error('the data file is not open');
      return file.read(tree, key);
    },
    async commit(changes, bookends) {
      if (faults.dataFile === true) {
        happened.dataFile += 1;
        isBroken = true;
        throw new Error(noSpace);
      }
      await file.commit(changes, bookends);
    },
    async reopen() {
      if (faults.reopening === true) {
        happened.reopening += 1;
        throw new Error('EIO: input/output error, open');
      }
      await file.reopen();
      isBroken = false;
    },
  };
}
