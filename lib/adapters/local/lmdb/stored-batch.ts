/** How the data file says which batch of the commit log was the last to reach it. */
import type { Changes } from './changes.ts';
import type { LmdbFile } from './lmdb-file.ts';

const key = 'batch';
const numberBytes = 6;

/** 0 for a new file. */
export function readStoredBatch(file: LmdbFile): number {
  return file.read('meta', key)?.readUIntBE(0, numberBytes) ?? 0;
}

/** To be part of the transaction that brings the batch to the file. */
export function setStoredBatch(changes: Changes, batch: number): void {
  const value = Buffer.alloc(numberBytes);
  value.writeUIntBE(batch, 0, numberBytes);
  changes.meta.set(key, value);
}
