/** Keeps trying to write what must not be forgotten while the store is away: what a provider answered. */
import { isKalciferError } from '../kalcifer-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Table, WriteAnswer, WriteGroup } from '../ports/table.ts';

const firstPauseMs = 100;
const pauseMsMax = 2_000;

/** @throws KalciferError `table.unavailable` when the store is still away at `deadline` (epoch milliseconds) */
export async function writeUntilStored(
  table: Table,
  clock: Clock,
  deadline: number,
  group: WriteGroup,
): Promise<WriteAnswer> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
    try {
      return await table.write(group);
    } catch (error) {
      if (!isKalciferError(error, 'table.unavailable')) throw error;
      if (clock.now() + pauseMs >= deadline) throw error;
      await pause(clock, pauseMs);
    }
  }
}

async function pause(clock: Clock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.wakeAt(clock.now() + ms, resolve);
  });
}
