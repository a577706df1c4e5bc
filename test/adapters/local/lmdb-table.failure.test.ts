/** A disk that fails: the request fails, nothing is half written, the process survives and goes on when the disk does. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';
import type { Item, Table, Write } from '../../../lib/ports/table.ts';
import { openFaultyTable, type FaultyTable } from './faulty-table.ts';

const lazy = { logBytes: 2 ** 30, logBytesMax: 2 ** 30, delayMs: 2 ** 30 };
const restless = { logBytes: 1, logBytesMax: 2 ** 30, delayMs: 1 };
let home: string;
let folder: string;
let opened: FaultyTable[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kalcifer-failure-'));
  folder = join(home, 'table');
  opened = [];
});

afterEach(async () => {
  for (const table of opened) await table.close();
  rmSync(home, { recursive: true, force: true });
});

async function open(pace = lazy): Promise<FaultyTable> {
  const table = await openFaultyTable(folder, pace);
  opened.push(table);
  return table;
}

function write(table: Table, ...writes: readonly Write[]): Promise<unknown> {
  return table.write({ name: 'test.write', writes });
}

const unavailable = {
  code: 'table.unavailable',
  message: 'The table failed at test.write: ENOSPC: no space left on device, write.',
};
const a: Item = { pk: 'a', sk: '1', index: 'i', n: 1 };
const b: Item = { pk: 'b', sk: '1', index: 'i', n: 1 };

describe('a log that cannot be written', () => {
  test.each(['before', 'after'] as const)(
    'fails the groups of the batch and of the next, and leaves nothing of them (%s)',
    async (moment) => {
      const { table, faults, happened } = await open();
      await write(table, { put: a });
      faults.log = moment;
      // Judged on top of the first group, while that is on its way to the disk.
      const second = new Promise((resolve) => {
        faults.whileAppending = () => {
          const isNew = { equals: { n: 2 } };
          resolve(write(table, { delete: { pk: 'a', sk: '1' }, if: isNew }));
        };
      });
      const first = write(table, { put: { ...a, n: 2, index: 'j' } }, { put: b });
      await expect(first).rejects.toMatchObject(unavailable);
      await expect(second).rejects.toMatchObject(unavailable);
      expect(happened.log).toBe(1);
      expect(await table.get(a)).toEqual(a);
      expect(await table.get(b)).toBeUndefined();
      expect((await table.queryIndex({ index: 'i', limit: 9 })).items).toEqual([a]);
      expect((await table.queryIndex({ index: 'j', limit: 9 })).items).toEqual([]);
    },
  );

  test('fails a refusal that rests on a write which is not durable', async () => {
    const { table, faults } = await open();
    faults.log = 'before';
    const winner = write(table, { put: a, if: 'absent' });
    const loser = write(table, { put: a, if: 'absent' });
    const check = write(table, { check: a, if: 'present' });
    await expect(winner).rejects.toMatchObject(unavailable);
    await expect(loser).rejects.toMatchObject(unavailable);
    await expect(check).rejects.toMatchObject(unavailable);
    delete faults.log;
    expect(await write(table, { put: a, if: 'absent' })).toEqual({ done: true });
  });

  test('takes groups again as soon as the disk does, and keeps what it took', async () => {
    const { table, faults, happened, close } = await open();
    const taken: Item[] = [];
    // Some of what the table learns about its items, their fields and their texts, is learned in groups that fail.
    const fails = (n: number): boolean => n % 3 === 0 || (n > 4 && n < 12) || (n > 50 && n < 110);
    for (let n = 0; n < 200; n += 1) {
      const item: Item = { pk: `p${n}`, sk: 's', index: 'i', status: 'waiting', at: { n } };
      if (fails(n)) faults.log = n % 2 === 0 ? 'before' : 'after';
      const outcome = await write(table, { put: item }).then(
        () => 'taken',
        () => 'failed',
      );
      expect(outcome).toBe(fails(n) ? 'failed' : 'taken');
      delete faults.log;
      if (outcome === 'taken') taken.push(item);
    }
    expect(taken).toHaveLength(89);
    expect(happened.log).toBe(111);
    await close();
    await expectOnDisk(folder, taken);
  });

  test('forgets chunks that a failed group had split off', async () => {
    const { table, faults } = await open();
    const put = (from: number, to: number): Promise<unknown> =>
      write(
        table,
        ...Array.from({ length: to - from }, (_, n): Write => {
          return { put: { pk: 'crowd', sk: `s${from + n}`, text: 'x'.repeat(100) } };
        }),
      );
    await put(100, 110);
    faults.log = 'before';
    await expect(put(110, 180)).rejects.toMatchObject(unavailable);
    delete faults.log;
    expect((await table.query({ pk: 'crowd', limit: 100 })).items).toHaveLength(10);
    await put(180, 250);
    const { items } = await table.query({ pk: 'crowd', limit: 100 });
    expect(items.map(({ sk }) => sk)).toEqual([
      ...Array.from({ length: 10 }, (_, n) => `s${100 + n}`),
      ...Array.from({ length: 70 }, (_, n) => `s${180 + n}`),
    ]);
    faults.log = 'before';
    const deletes = items.slice(5).map(({ pk, sk }): Write => ({ delete: { pk, sk } }));
    await expect(write(table, ...deletes)).rejects.toMatchObject(unavailable);
    delete faults.log;
    expect((await table.query({ pk: 'crowd', limit: 100 })).items).toEqual(items);
  });

  test('forgets expiry notes of failed groups, and keeps those that follow', async () => {
    const lmdb = await open();
    const { table, faults } = lmdb;
    faults.log = 'before';
    await expect(write(table, { put: { ...a, expiresAt: 10 } })).rejects.toMatchObject(unavailable);
    delete faults.log;
    await write(table, { put: { ...b, expiresAt: 10 } });
    expect(await lmdb.purgeExpired(2 * 3_600_000)).toEqual({ removed: 1, more: false });
    expect(await table.get(b)).toBeUndefined();
  });

  test('fails a purge, which finds its garbage again', async () => {
    const lmdb = await open();
    const { table, faults } = lmdb;
    await write(table, { put: { ...a, expiresAt: 10 } });
    faults.log = 'before';
    await expect(lmdb.purgeExpired(2 * 3_600_000)).rejects.toMatchObject({
      code: 'table.unavailable',
      message: 'The table failed at purge: ENOSPC: no space left on device, write.',
    });
    delete faults.log;
    expect(await table.get(a)).toEqual({ ...a, expiresAt: 10 });
    expect(await lmdb.purgeExpired(2 * 3_600_000)).toEqual({ removed: 1, more: false });
  });
});

describe('a data file that cannot be written', () => {
  test('holds up nobody: the log has what is acknowledged', async () => {
    const { table, faults, happened } = await open(restless);
    faults.dataFile = true;
    for (let n = 0; n < 30; n += 1) {
      expect(await write(table, { put: { ...a, n } })).toEqual({ done: true });
      expect(await table.get(a)).toEqual({ ...a, n });
    }
    await vi.waitFor(() => {
      expect(happened.dataFile).toBeGreaterThan(1);
    });
    expect((await table.queryIndex({ index: 'i', limit: 9 })).items).toEqual([{ ...a, n: 29 }]);
    const copy = join(home, 'copy');
    cpSync(folder, copy, { recursive: true });
    await expectOnDisk(copy, [{ ...a, n: 29 }]);
  });

  test('takes everything once it can', async () => {
    const { table, faults, happened, close } = await open(restless);
    faults.dataFile = true;
    const items = Array.from({ length: 50 }, (_, n): Item => ({
      pk: `p${n}`,
      sk: 's',
      index: 'i',
    }));
    for (const item of items) await write(table, { put: item });
    await vi.waitFor(() => {
      expect(happened.dataFile).toBeGreaterThan(0);
    });
    faults.dataFile = false;
    await write(table, { put: a }, { delete: { pk: 'p0', sk: 's' } });
    await close();
    await expectOnDisk(folder, [a, ...items.slice(1)]);
  });

  test('leaves the log to the next process when it fails to the end', async () => {
    const { table, faults, close } = await open();
    await write(table, { put: a }, { put: b });
    faults.dataFile = true;
    await close();
    await expectOnDisk(folder, [a, b]);
  });

  test('stops writers, and only them, when the log is full', async () => {
    const { table, faults } = await open({ logBytes: 1, logBytesMax: 20_000, delayMs: 1 });
    faults.dataFile = true;
    const attempts: unknown[] = [];
    for (let n = 0; n < 40; n += 1) {
      const put = { put: { pk: `p${n}`, sk: 's', text: 'x'.repeat(1_500) } };
      attempts.push(
        await write(table, put).then(
          () => 'taken',
          (error: unknown) => (error as { code: string }).code,
        ),
      );
    }
    expect(attempts[0]).toBe('taken');
    expect(attempts.at(-1)).toBe('table.unavailable');
    expect(await table.get({ pk: 'p0', sk: 's' })).toMatchObject({ pk: 'p0' });
    expect(await table.get({ pk: 'p39', sk: 's' })).toBeUndefined();
    faults.dataFile = false;
    expect(await write(table, { put: a })).toEqual({ done: true });
    expect(await table.get(a)).toEqual(a);
  });

  test('that does not even open makes calls fail, and serves them again when it opens', async () => {
    const { table, faults, happened } = await open(restless);
    await write(table, { put: a });
    faults.dataFile = true;
    faults.reopening = true;
    await write(table, { put: b });
    await vi.waitFor(() => {
      expect(happened.reopening).toBeGreaterThan(0);
    });
    await expect(table.get(a)).rejects.toMatchObject({
      code: 'table.unavailable',
      message: 'The table failed at get: EIO: input/output error, open.',
    });
    await expect(write(table, { put: a })).rejects.toMatchObject({ code: 'table.unavailable' });
    faults.reopening = false;
    faults.dataFile = false;
    const answers = await Promise.all([
      write(table, { put: { ...a, n: 2 }, if: { equals: { n: 1 } } }),
      write(table, { put: { ...a, n: 3 }, if: { equals: { n: 2 } } }),
      table.get(b),
    ]);
    expect(answers).toEqual([{ done: true }, { done: true }, b]);
    expect(await table.get(a)).toEqual({ ...a, n: 3 });
  });
});

/** Opens the folder as the next process would. */
async function expectOnDisk(path: string, items: readonly Item[]): Promise<void> {
  const { table, close } = await createLmdbTable({ folder: path });
  for (const item of items) expect(await table.get(item)).toEqual(item);
  const indexed = await table.queryIndex({ index: 'i', limit: 1_000 });
  const byKey = (x: Item, y: Item): number => (x.pk < y.pk ? -1 : 1);
  expect(indexed.items).toEqual([...items].sort(byKey));
  await close();
}
