/** `up` and `down` change what the other reads: in one folder, one of them at a time. */
import { mkdirSync } from 'node:fs';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { takeLock } from '../../lib/local/process-lock.ts';
import type { LocalFolder } from './local-folder.ts';

/** @throws KalciferError `local.busy` */
export async function alone<Result>(
  { state }: LocalFolder,
  work: () => Promise<Result>,
): Promise<Result> {
  mkdirSync(state, { recursive: true });
  const lock = await takeLock(state);
  if ('lockedBy' in lock) {
    throw new KalciferError(
      'local.busy',
      `Process ${lock.lockedBy} is bringing the local loop of this folder up or down. Wait until it is done, then call this again.`,
    );
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
