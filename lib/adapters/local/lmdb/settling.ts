/**
 * Settling: what is durable in the commit log is moved into the data file, in the background, one transaction at a time. It waits
 * a moment first, so that the many writes of an instance's first seconds reach the data file as one.
 */
import { createBookendPlanner, type BookendPlanner } from './bookends.ts';
import type { CommitLog } from './commit-log.ts';
import type { LmdbFile } from './lmdb-file.ts';
import type { Records } from './records.ts';
import { setStoredBatch } from './stored-batch.ts';
import type { Unstored } from './unstored.ts';

export interface Settling {
  /** This batch, and all before it, are durable in the log, and none is being appended. */
  committed(batch: number): void;
  /** Resolves when there is room in the log; rejects when nothing can be moved out of it. */
  room(): Promise<void>;
  /** Moves everything, once nothing is being written any more. Rejects when the data file does not take it; the log keeps it. */
  finish(): Promise<void>;
}

export interface SettledParts {
  readonly file: LmdbFile;
  readonly log: CommitLog;
  readonly unstored: Unstored;
  readonly records: Records;
  /** Whether a batch is being appended to the log just now. */
  readonly isAppending: () => boolean;
  readonly pace: SettlingPace;
}

export interface SettlingPace {
  /** Log filled until it is moved into the data file. */
  readonly logBytes: number;
  /** Log filled until writers wait, when the data file is slow or fails. */
  readonly logBytesMax: number;
  /** How long a few changes stay in the log, and the pause after a failure. */
  readonly delayMs: number;
}

/** The changes of a few hundred instances, or a second. A longer log would only make larger transactions. */
export const usualPace: SettlingPace = {
  logBytes: 2 ** 20,
  logBytesMax: 64 * 2 ** 20,
  delayMs: 1_000,
};

/** `stored` is the last batch that is in the data file. */
export function createSettling(parts: SettledParts, stored: number): Settling {
  const { log, unstored, isAppending, pace } = parts;
  const progress: Progress = { stored, durable: stored, movedBytes: 0 };
  const bookends = createBookendPlanner();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** The time for a few changes is over; they are moved as soon as no batch is being appended. */
  let isDue = false;
  let hasFailed = false;

  function start(): Promise<void> {
    running ??= run();
    return running;
  }

  async function run(): Promise<void> {
    stopTimer();
    try {
      await moveAll(parts, bookends, progress);
      hasFailed = false;
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      running = undefined;
      if (!unstored.isEmpty()) startTimer();
    }
  }

  /** Failure leaves everything in the log, and another attempt follows: nobody has to know. */
  function startUnwatched(): void {
    start().catch(() => undefined);
  }

  function startTimer(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      isDue = true;
      hasFailed = false;
      if (!unstored.isEmpty() && !isAppending()) startUnwatched();
    }, pace.delayMs).unref();
  }

  function stopTimer(): void {
    clearTimeout(timer);
    timer = undefined;
    isDue = false;
  }

  return {
    committed(batch) {
      progress.durable = batch;
      startTimer();
      if (isDue || (!hasFailed && log.sizeBytes() >= pace.logBytes)) startUnwatched();
    },

    async room() {
      while (log.sizeBytes() >= pace.logBytesMax) await start();
    },

    async finish() {
      while (running !== undefined || !unstored.isEmpty()) await start();
      stopTimer();
    },
  };
}

interface Progress {
  /** Last batch in the data file. */
  stored: number;
  /** Last batch in the log. */
  durable: number;
  /** Log moved since LMDB last gave its memory back. */
  movedBytes: number;
}

/**
 * LMDB keeps the memory of its largest transactions, and every page that it ever looked at is counted as memory of the process. When
 * it is idle after so much work, it gives all of that back.
 */
const memoryReturnedAfter = 16 * 2 ** 20;

async function moveAll(
  { file, log, unstored, records, isAppending }: SettledParts,
  bookends: BookendPlanner,
  progress: Progress,
): Promise<void> {
  const { durable } = progress;
  const logBytes = log.sizeBytes();
  // From here on until the first `await` no batch is being appended, so the log may turn.
  log.turn(progress.stored);
  const changes = unstored.move();
  setStoredBatch(changes, durable);
  try {
    if (!file.isOpen()) await file.reopen();
    await file.commit(changes, bookends.plan(changes, file));
  } catch (error) {
    unstored.notMoved();
    await file.reopen();
    throw error;
  }
  progress.stored = durable;
  progress.movedBytes += logBytes;
  unstored.moved();
  records.stored(changes.items.keys());
  if (!unstored.isEmpty() || isAppending()) return;
  log.truncate();
  if (progress.movedBytes < memoryReturnedAfter) return;
  progress.movedBytes = 0;
  await file.reopen();
}
