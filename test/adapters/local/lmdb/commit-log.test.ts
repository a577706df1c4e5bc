import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createChanges, type Changes } from '../../../../lib/adapters/local/lmdb/changes.ts';
import {
  openCommitLog,
  readCommitLog,
  type CommitLog,
} from '../../../../lib/adapters/local/lmdb/commit-log.ts';

let folder: string;
let log: CommitLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kalcifer-log-'));
  log = await openCommitLog(folder, 'flushed');
});

afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Batch n puts `n` under the key `latest`, and itself under a key of its own, and removes the one before. */
function batch(n: number): Changes {
  const changes = createChanges();
  changes.items.set('latest', Buffer.from(String(n)));
  changes.index.set(`batch ${n}`, Buffer.alloc(0));
  changes.index.set(`batch ${n - 1}`, undefined);
  return changes;
}

async function append(from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) await log.append(n, batch(n));
}

/** What the next process finds: the last batch, and what it put. */
function found(stored = 0): { last: number; latest: string | undefined } {
  const { changes, last } = readCommitLog(folder, stored);
  return { last, latest: changes.items.get('latest')?.toString() };
}

const first = (): string => join(folder, 'commit-0.log');
const second = (): string => join(folder, 'commit-1.log');

describe('what was appended', () => {
  test('is found again, the later changes winning', async () => {
    await append(1, 3);
    const { changes, last } = readCommitLog(folder, 0);
    expect(last).toBe(3);
    expect(changes.items).toEqual(new Map([['latest', Buffer.from('3')]]));
    expect([...changes.index]).toEqual([
      ['batch 1', undefined],
      ['batch 0', undefined],
      ['batch 2', undefined],
      ['batch 3', Buffer.alloc(0)],
    ]);
  });

  test('is found from the batch on that the data file does not have', async () => {
    await append(1, 5);
    expect(found(3)).toEqual({ last: 5, latest: '5' });
    expect([...readCommitLog(folder, 4).changes.index.keys()]).toEqual(['batch 5', 'batch 4']);
    expect(found(5)).toEqual({ last: 5, latest: undefined });
    expect(found(9)).toEqual({ last: 9, latest: undefined });
  });

  test('may be any bytes, none, or many', async () => {
    const changes = createChanges();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    changes.items.set('\0\xff', bytes);
    changes.shapes.set('0', Buffer.alloc(0));
    changes.texts.set('t', undefined);
    changes.expiry.set('e', Buffer.alloc(200_000, 7));
    changes.meta.set('k'.repeat(300), Buffer.of(1));
    await log.append(1, changes);
    await log.append(2, createChanges());
    expect(readCommitLog(folder, 0)).toEqual({ changes, last: 2 });
  });

  test('is nothing in a new folder', () => {
    expect(readCommitLog(join(folder, 'nowhere'), 0).last).toBe(0);
    expect(found()).toEqual({ last: 0, latest: undefined });
  });
});

describe('the two files', () => {
  test('take turns, and are read as one', async () => {
    await append(1, 4);
    log.turn(0);
    await append(5, 6);
    expect(statSync(second()).size).toBeGreaterThan(0);
    expect(found()).toEqual({ last: 6, latest: '6' });
  });

  test('do not take turns while the other one is needed', async () => {
    await append(1, 2);
    log.turn(0);
    await append(3, 4);
    log.turn(1);
    await append(5, 6);
    expect(found(1)).toEqual({ last: 6, latest: '6' });
    log.turn(2);
    await append(7, 7);
    expect(found(2)).toEqual({ last: 7, latest: '7' });
  });

  test('hold remains of earlier turns, which are left out', async () => {
    await append(1, 9);
    log.turn(9);
    await append(10, 12);
    log.turn(12);
    await append(13, 13);
    expect(statSync(first()).size).toBeGreaterThan(log.sizeBytes());
    expect(found(12)).toEqual({ last: 13, latest: '13' });
    expect(found(13)).toEqual({ last: 13, latest: undefined });
  });

  test('give their space back', async () => {
    await append(1, 3);
    expect(log.diskBytes()).toBe(log.sizeBytes());
    log.truncate();
    expect(log.diskBytes()).toBe(0);
    await append(4, 4);
    expect(found(3)).toEqual({ last: 4, latest: '4' });
  });
});

describe('a batch that was being written when the power went', () => {
  test('is left out, wherever it was cut off, and the ones before it are kept', async () => {
    await append(1, 2);
    const twoBatches = log.sizeBytes();
    await append(3, 3);
    const all = readFileSync(first());
    for (let size = 0; size <= all.length; size += 1) {
      writeFileSync(first(), all.subarray(0, size));
      const kept =
        size === all.length ? 3 : size >= twoBatches ? 2 : size >= twoBatches / 2 ? 1 : 0;
      expect(found().last).toBe(kept);
    }
  });

  test('is left out when any bit of it is wrong', async () => {
    await append(1, 1);
    const oneBatch = log.sizeBytes();
    await append(2, 2);
    const all = readFileSync(first());
    for (let at = oneBatch; at < all.length; at += 1) {
      const broken = Buffer.from(all);
      broken[at] = (broken[at] as number) ^ (1 << (at % 8));
      writeFileSync(first(), broken);
      expect(found()).toEqual({ last: 1, latest: '1' });
    }
  });

  test('is overwritten by the next attempt at the same number', async () => {
    await append(1, 1);
    const end = log.sizeBytes();
    const handle = openSync(first(), 'r+');
    writeSync(handle, Buffer.alloc(500, 0x4b), 0, 500, end);
    closeSync(handle);
    await append(2, 3);
    expect(found()).toEqual({ last: 3, latest: '3' });
  });
});

describe('a log that lost a batch which was durable', () => {
  const damaged = { code: 'table.damaged', message: expect.stringContaining('batch') as string };

  test('is refused when a batch in the middle is broken', async () => {
    await append(1, 3);
    const bytes = readFileSync(first());
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] as number) ^ 1;
    writeFileSync(first(), bytes);
    expect(() => found()).toThrow(expect.objectContaining(damaged) as Error);
  });

  test('is refused when the first of its files is gone', async () => {
    await append(1, 2);
    log.turn(0);
    await append(3, 4);
    truncateSync(first(), 0);
    expect(() => found()).toThrow(
      expect.objectContaining({
        code: 'table.damaged',
        message: `The commit log in ${folder} continues with batch 3 where batch 1 belongs: files are missing or were replaced. Restore the whole folder from one backup.`,
      }) as Error,
    );
    expect(found(2)).toEqual({ last: 4, latest: '4' });
  });
});
