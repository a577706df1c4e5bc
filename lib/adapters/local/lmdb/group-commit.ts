/**
 * Group commit: everything that is written while one transaction is on its way to disk goes into the next one. Batches become
 * durable in the order of their numbers, one at a time, so a crash keeps a beginning of what was written, never a part of it.
 */
import { createChanges, type Changes } from './changes.ts';

export interface Batch {
  /** Numbers grow by 1, from one opening of the table to the next. The number of a batch that failed is used again. */
  readonly number: number;
  readonly changes: Changes;
  /** Resolves when the batch is on disk; rejects when that is not known. */
  readonly durable: Promise<void>;
}

export interface GroupCommit {
  /** The batch that takes what is written in this turn. */
  collecting(): Batch;
  /** Resolves when the batch with this number is on disk; at once when it is already. */
  durable(number: number): Promise<void>;
  isCommitting(): boolean;
  /** Resolves when nothing is left to be written, whether that went well or not. */
  idle(): Promise<void>;
}

export interface Committer {
  /** Makes the batch durable; called for one batch at a time, which nothing is added to any more. */
  commit(batch: Batch): Promise<void>;
  /** The batch is on disk; nobody has been told yet. */
  committed(batch: Batch): void;
  /** These batches failed: the one that was being committed, and what was collected on top of it. Nobody has been told yet. */
  failed(batches: readonly Batch[]): void;
}

interface OpenBatch extends Batch {
  readonly settle: (error?: unknown) => void;
}

/** `last` is the number of the last batch that was ever committed. */
export function createGroupCommit(committer: Committer, last: number): GroupCommit {
  let collected: OpenBatch | undefined;
  let committing: OpenBatch | undefined;
  let count = last;

  function takeCollected(): OpenBatch | undefined {
    const batch = collected;
    collected = undefined;
    return batch;
  }

  async function commitCollected(): Promise<void> {
    const batch = takeCollected();
    if (batch === undefined) return;
    committing = batch;
    try {
      await committer.commit(batch);
      committer.committed(batch);
      batch.settle();
    } catch (error) {
      const onTop = takeCollected();
      count = batch.number - 1;
      const failed = onTop === undefined ? [batch] : [batch, onTop];
      committer.failed(failed);
      for (const each of failed) each.settle(error);
    }
    committing = undefined;
    schedule();
  }

  /** Whoever waited for the last batch gets to write first: their groups join this one. */
  function schedule(): void {
    if (collected !== undefined && committing === undefined) {
      setImmediate(() => void commitCollected());
    }
  }

  return {
    collecting() {
      if (collected === undefined) {
        count += 1;
        collected = openBatch(count);
        schedule();
      }
      return collected;
    },

    async durable(number) {
      const batch = [committing, collected].find((open) => open?.number === number);
      await batch?.durable;
    },

    isCommitting: () => committing !== undefined,

    async idle() {
      for (let open = collected ?? committing; open !== undefined; open = collected ?? committing) {
        await open.durable.catch(() => undefined);
      }
    },
  };
}

function openBatch(number: number): OpenBatch {
  let settle: OpenBatch['settle'] = () => undefined;
  const durable = new Promise<void>((resolve, reject) => {
    settle = (error) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('commit failed', { cause: error }));
    };
  });
  // A batch that nobody waits for may fail in silence: every group waits for its own.
  durable.catch(() => undefined);
  return { number, changes: createChanges(), durable, settle };
}
