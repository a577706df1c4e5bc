/**
 * The expiry log: which items are garbage from which hour on. It is only ever appended to, one record per commit and hour, so that
 * a table with millions of items is purged without looking at the others. An entry is a hint: the item decides.
 */
import type { Key } from '../../../ports/table.ts';
import {
  fromByteString,
  joinParts,
  splitParts,
  toByteString,
  type ByteString,
} from '../byte-string.ts';
import type { Batch } from './group-commit.ts';
import { lengthSize, readLength, sizeOfLength, writeLength } from './length-prefix.ts';
import type { LmdbFile } from './lmdb-file.ts';
import { mergeChanges } from './merge-changes.ts';
import type { Unstored } from './unstored.ts';

export interface ExpiryLog {
  /** Remembers that the item expires, unless that hour is known from what it replaces. */
  note(key: Key, expiresAt: number | undefined, replaced: number | undefined): void;
  /** Moves what was noted into the batch; called when nothing more is added to it. */
  seal(batch: Batch): void;
  /** What was noted since the last batch was sealed never happened. */
  discard(): void;
}

/** One record of the log: items that may be garbage. */
export interface ExpiredEntries {
  readonly record: ByteString;
  readonly keys: readonly Key[];
}

const hourSeconds = 3_600;
const hourBytes = 4;
const hourMax = 2 ** (8 * hourBytes) - 1;
const transactionBytes = 6;
const countBytes = 4;
/** Entries of one record; purging goes record by record. */
const entriesMax = 256;

/** `transaction` is higher than at any earlier opening: it keeps the records of two openings apart. */
export function createExpiryLog(transaction: number): ExpiryLog {
  let noted = new Map<number, ByteString[]>();
  let count = 0;
  return {
    note(key, expiresAt, replaced) {
      if (expiresAt === undefined) return;
      const hour = hourOf(expiresAt);
      if (replaced !== undefined && hourOf(replaced) === hour) return;
      const entries = noted.get(hour) ?? [];
      entries.push(joinParts(toByteString(key.pk), toByteString(key.sk)));
      noted.set(hour, entries);
    },

    seal(batch) {
      for (const [hour, entries] of noted) {
        for (let from = 0; from < entries.length; from += entriesMax) {
          const record =
            fixedBytes(hour, hourBytes) +
            fixedBytes(transaction, transactionBytes) +
            fixedBytes(count, countBytes);
          count += 1;
          batch.changes.expiry.set(record, encodeEntries(entries.slice(from, from + entriesMax)));
        }
      }
      noted = new Map();
    },

    discard() {
      noted = new Map();
    },
  };
}

/** The oldest records of hours that are wholly over, until they name at least `keysMin` items or there are no more. */
export function readExpired(
  file: LmdbFile,
  unstored: Unstored,
  nowMs: number,
  keysMin: number,
): ExpiredEntries[] {
  const currentHour = fixedBytes(hourOf(nowMs / 1_000), hourBytes);
  const found: ExpiredEntries[] = [];
  let count = 0;
  const stored = file.records('expiry', { start: '\0', end: currentHour });
  const changed = unstored.keys('expiry', '\0', currentHour);
  const current = (key: ByteString): { key: ByteString; value: Buffer } | undefined => {
    const value = unstored.value('expiry', key);
    return value === undefined ? undefined : { key, value };
  };
  for (const { key, value } of mergeChanges(stored, changed, current, false)) {
    const keys = decodeEntries(value);
    found.push({ record: key, keys });
    count += keys.length;
    if (count >= keysMin) break;
  }
  return found;
}

function hourOf(epochSeconds: number): number {
  return Math.min(Math.max(Math.floor(epochSeconds / hourSeconds), 0), hourMax);
}

/** Most significant byte first, so that the order of the bytes is the order of the numbers. */
function fixedBytes(value: number, width: number): ByteString {
  let bytes = '';
  for (let rest = value; bytes.length < width; rest = Math.floor(rest / 256)) {
    bytes = String.fromCharCode(rest % 256) + bytes;
  }
  return bytes;
}

function encodeEntries(entries: readonly ByteString[]): Buffer {
  const size = entries.reduce((sum, { length }) => sum + sizeOfLength(length) + length, 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const entry of entries) {
    at = writeLength(bytes, at, entry.length);
    at += bytes.write(entry, at, 'latin1');
  }
  return bytes;
}

function decodeEntries(bytes: Buffer): Key[] {
  const keys: Key[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + lengthSize(bytes, at);
    const end = start + readLength(bytes, at);
    const [pk, sk] = splitParts(bytes.toString('latin1', start, end)).map(fromByteString);
    keys.push({ pk, sk } as Key);
    at = end;
  }
  return keys;
}
