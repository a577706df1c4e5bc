/** Removes garbage: items whose time has run out, a bounded number per call. */
import type { Key } from '../../../ports/table.ts';
import { removeItem } from './apply-group.ts';
import { readExpired } from './expiry-log.ts';
import type { Batch, GroupCommit } from './group-commit.ts';
import { fieldAt, locate, prepareDelete } from './prepared-write.ts';
import type { TableContents } from './table-contents.ts';

export interface Purge {
  /** Items removed. */
  readonly removed: number;
  /** True when there may be more to remove. */
  readonly more: boolean;
  /** Resolves when the removal is on disk. */
  readonly durable: Promise<void>;
}

/** Entries looked at per call: a few milliseconds of work. */
const entriesPerCall = 1_000;

export function purgeExpired(contents: TableContents, commits: GroupCommit, nowMs: number): Purge {
  const expired = readExpired(contents.file, contents.unstored, nowMs, entriesPerCall);
  const keys = expired.flatMap((entries) => entries.keys);
  if (expired.length === 0) return { removed: 0, more: false, durable: Promise.resolve() };
  const batch = commits.collecting();
  for (const { record } of expired) batch.changes.expiry.set(record, undefined);
  const removed = keys.filter((key) => removeIfExpired(contents, key, nowMs, batch)).length;
  return { removed, more: keys.length >= entriesPerCall, durable: batch.durable };
}

/** The log may speak of an item that is gone, or that was given more time. */
function removeIfExpired(contents: TableContents, key: Key, nowMs: number, batch: Batch): boolean {
  const prepared = prepareDelete(key);
  const expiresAt = fieldAt(contents, locate(contents, prepared), 'expiresAt');
  if (typeof expiresAt !== 'number' || expiresAt * 1_000 > nowMs) return false;
  removeItem(contents, prepared, batch);
  return true;
}
