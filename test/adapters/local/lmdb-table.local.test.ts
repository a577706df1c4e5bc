/** What the LMDB table promises beyond the port. */
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';
import type { Item, Table, Write } from '../../../lib/ports/table.ts';

let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kalcifer-local-'));
  folder = join(home, 'table');
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function write(table: Table, ...writes: readonly Write[]): Promise<unknown> {
  return table.write({ name: 'test.write', writes });
}

const hourMs = 3_600_000;
const daySeconds = 86_400;
const at = 1_767_225_600_000;
const key = { pk: 'a', sk: '1' };

describe('groups started without waiting', () => {
  test('are judged in the order of the calls', async () => {
    const { table, close } = await createLmdbTable({ folder });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        write(table, {
          put: { ...key, revision: n + 1 },
          if: n === 0 ? 'absent' : { revision: n },
        }),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, () => ({ done: true })));
    await close();
  });

  test('are on disk in that order: a later one is never there without the earlier ones', async () => {
    const { table, close } = await createLmdbTable({ folder });
    for (let copy = 0; copy < 8; copy += 1) {
      const groups = Array.from({ length: 40 }, (_, n) =>
        write(table, { put: { pk: `round-${copy}`, sk: String(n).padStart(2, '0') } }),
      );
      await groups[copy * 4];
      // As a kill would leave it, whatever of the groups is on its way just now.
      cpSync(folder, join(home, `copy-${copy}`), { recursive: true });
      await Promise.all(groups);
    }
    await close();
    for (let copy = 0; copy < 8; copy += 1) {
      const copied = await createLmdbTable({ folder: join(home, `copy-${copy}`) });
      const { items } = await copied.table.query({ pk: `round-${copy}`, limit: 100 });
      expect(items.length).toBeGreaterThan(copy * 4);
      expect(items.map(({ sk }) => Number(sk))).toEqual(items.map((_, n) => n));
      await copied.close();
    }
  });
});

describe('purging', () => {
  test('removes items of hours that are over, with their index entries, and no others', async () => {
    const { table, purgeExpired, close } = await createLmdbTable({ folder });
    const seconds = at / 1_000;
    const item = (name: string, expiresAt?: number): Item => ({
      pk: name,
      sk: 'e',
      index: 'all',
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
    const kept = [
      item('fresh', seconds + daySeconds),
      item('forever'),
      item('this hour', seconds + 60),
    ];
    for (const each of [item('old', seconds - daySeconds), item('é', seconds - 3_600), ...kept]) {
      await write(table, { put: each });
    }
    expect(await purgeExpired(at + 30 * 60_000)).toEqual({ removed: 2, more: false });
    const { items } = await table.queryIndex({ index: 'all', limit: 9 });
    expect(items.map(({ pk }) => pk)).toEqual(['forever', 'fresh', 'this hour']);
    expect(await purgeExpired(at + 30 * 60_000)).toEqual({ removed: 0, more: false });
    expect(await purgeExpired(at + hourMs)).toEqual({ removed: 1, more: false });
    expect(await table.get({ pk: 'this hour', sk: 'e' })).toBeUndefined();
    await close();
  });

  test('spares an item that was given more time, or whose time was taken away', async () => {
    const { table, purgeExpired, close } = await createLmdbTable({ folder });
    const past = at / 1_000 - daySeconds;
    await write(table, { put: { pk: 'a', sk: '1', expiresAt: past } });
    await write(table, { put: { pk: 'a', sk: '1', expiresAt: past + 10 * daySeconds } });
    await write(table, { put: { pk: 'b', sk: '1', expiresAt: past } });
    await write(table, { put: { pk: 'b', sk: '1' } });
    await write(table, { put: { pk: 'c', sk: '1', expiresAt: past } });
    await write(table, { delete: { pk: 'c', sk: '1' } });
    expect(await purgeExpired(at)).toEqual({ removed: 0, more: false });
    expect(await table.get({ pk: 'a', sk: '1' })).toMatchObject({ pk: 'a' });
    expect(await table.get({ pk: 'b', sk: '1' })).toEqual({ pk: 'b', sk: '1' });
    expect(await purgeExpired(at + 11 * 24 * hourMs)).toEqual({ removed: 1, more: false });
    await close();
  });

  test('removes about a thousand per call, and says whether there may be more', async () => {
    const { table, purgeExpired, close } = await createLmdbTable({ folder });
    const groups = Array.from({ length: 30 }, (_, group) =>
      write(
        table,
        ...Array.from({ length: 100 }, (__, n): Write => {
          return { put: { pk: `e${group}-${n}`, sk: 'e', expiresAt: at / 1_000 + group * 3_600 } };
        }),
      ),
    );
    await Promise.all(groups);
    const purges: { removed: number; more: boolean }[] = [];
    do purges.push(await purgeExpired(at + 40 * hourMs));
    while (purges.at(-1)?.more === true);
    expect(purges.reduce((sum, { removed }) => sum + removed, 0)).toBe(3_000);
    expect(Math.max(...purges.map(({ removed }) => removed))).toBeLessThanOrEqual(1_300);
    expect(await purgeExpired(at + 40 * hourMs)).toEqual({ removed: 0, more: false });
    await close();
  });

  test('remembers from one opening to the next', async () => {
    for (const pk of ['first', 'second']) {
      const { table, close } = await createLmdbTable({ folder });
      await write(table, { put: { pk, sk: 'e', expiresAt: at / 1_000 } });
      await close();
    }
    const { table, purgeExpired, close } = await createLmdbTable({ folder });
    expect(await purgeExpired(at + hourMs)).toEqual({ removed: 2, more: false });
    expect(await table.get({ pk: 'first', sk: 'e' })).toBeUndefined();
    await close();
  });
});

describe('the files', () => {
  test('are the data file alone when everything is moved, and the log is empty', async () => {
    const pace = { logBytes: 10_000, delayMs: 10 };
    const { table, close, stats } = await createLmdbTable({ folder, pace });
    for (let n = 0; n < 50; n += 1)
      await write(table, { put: { ...key, n, text: 'x'.repeat(500) } });
    const logs = (): number[] =>
      ['commit-0.log', 'commit-1.log'].map((name) => statSync(join(folder, name)).size);
    await vi.waitFor(() => {
      expect(logs()).toEqual([0, 0]);
    });
    expect(stats()).toMatchObject({
      commits: 50,
      diskBytes: statSync(join(folder, 'data.mdb')).size,
    });
    expect(readdirSync(folder).sort()).toEqual([
      'commit-0.log',
      'commit-1.log',
      'data.mdb',
      'lock.mdb',
    ]);
    await close();
  });

  test('take less than 1,000 bytes for nine small items of a waiting instance', async () => {
    // Moved by what is written alone: on a slow machine the time would move smaller parts, which fill pages less.
    const pace = { delayMs: 600_000 };
    const { table, close, stats } = await createLmdbTable({ folder, pace });
    const instances = 3_000;
    for (let from = 0; from < instances; from += 100) {
      const numbers = Array.from({ length: 100 }, (_, n) => from + n);
      await Promise.all(numbers.map((n) => enrol(table, n)));
    }
    await close();
    expect(stats().diskBytes / instances).toBeLessThan(1_000);
  });

  test('are given back their memory after much work, while others read on', async () => {
    const { table, close } = await createLmdbTable({
      folder,
      pace: { logBytes: 2 ** 20, delayMs: 5 },
    });
    const text = 'x'.repeat(60_000);
    for (let n = 0; n < 400; n += 1) {
      await write(table, { put: { pk: `p${n % 50}`, sk: 's', n, text } });
      expect(await table.get({ pk: `p${n % 50}`, sk: 's' })).toMatchObject({ n });
    }
    await vi.waitFor(() => {
      expect(statSync(join(folder, 'commit-0.log')).size).toBe(0);
    });
    for (let n = 350; n < 400; n += 1) {
      expect(await table.get({ pk: `p${n % 50}`, sk: 's' })).toEqual({
        pk: `p${n % 50}`,
        sk: 's',
        n,
        text,
      });
    }
    await close();
  });

  test('need not be flushed when their loss does not matter', async () => {
    const first = await createLmdbTable({ folder, durability: 'operating-system' });
    await write(first.table, { put: key });
    await first.close();
    const second = await createLmdbTable({ folder, durability: 'operating-system' });
    expect(await second.table.get(key)).toEqual(key);
    await second.close();
  });

  test('that are a folder’s no process can use make opening fail', async () => {
    writeFileSync(folder, 'a file');
    await expect(createLmdbTable({ folder })).rejects.toMatchObject({ code: 'table.unavailable' });
  });

  test('that do not belong together make opening fail, and are left alone', async () => {
    const { table, close } = await createLmdbTable({ folder });
    for (let n = 0; n < 9; n += 1) await write(table, { put: { ...key, n } });
    cpSync(folder, join(home, 'copy'), { recursive: true });
    await close();
    // The log of a table that was never moved, beside the data file of a later time, and the other way round.
    const later = await createLmdbTable({ folder });
    for (let n = 0; n < 9; n += 1) await write(later.table, { put: { ...key, n: -n } });
    cpSync(join(folder, 'commit-0.log'), join(home, 'copy', 'commit-0.log'));
    await later.close();
    await expect(createLmdbTable({ folder: join(home, 'copy') })).rejects.toMatchObject({
      code: 'table.damaged',
    });
  });
});

describe('a closed table', () => {
  test('has settled what was under way', async () => {
    const { table, close } = await createLmdbTable({ folder });
    const writing = Promise.all(
      Array.from({ length: 20 }, (_, n) => write(table, { put: { pk: `p${n}`, sk: 's' } })),
    );
    await close();
    expect(await writing).toEqual(Array.from({ length: 20 }, () => ({ done: true })));
    const { table: again, close: closeAgain } = await createLmdbTable({ folder });
    for (let n = 0; n < 20; n += 1) {
      expect(await again.get({ pk: `p${n}`, sk: 's' })).toEqual({ pk: `p${n}`, sk: 's' });
    }
    await closeAgain();
  });

  test('answers no more, and may be closed again', async () => {
    const { table, close } = await createLmdbTable({ folder });
    await close();
    await close();
    const closed = {
      code: 'table.unavailable',
      message: 'The table failed at get: the table is closed.',
    };
    await expect(table.get(key)).rejects.toMatchObject(closed);
    await expect(write(table, { put: key })).rejects.toMatchObject({ code: 'table.unavailable' });
  });
});

/** A journey up to its first wait: nine items in five groups that depend on each other. */
async function enrol(table: Table, n: number): Promise<void> {
  const id = `0VjR${String(n).padStart(4, '0')}aBcDeFgHiJkL`;
  // Customers come in no order.
  const customer = `customer-${(n * 7_919) % 100_000}`;
  const instance = { pk: `load#i#${id}` };
  const step = (node: string, status: string, more: Partial<Item> = {}): Write => {
    return {
      put: { ...instance, sk: `s#${node}`, version: 1, status, startedAt: at + n, ...more },
    };
  };
  const execution = (state: string): Write => {
    return { put: { pk: `load#x#${id}-1`, sk: 'x', m: 'welcome@1', a: state, t: at + n } };
  };
  const row = { journey: 'welcome', version: 1, customer, epoch: 1, enteredAt: at + n };
  const index = 'load#j#welcome';
  await write(
    table,
    { put: { ...instance, sk: 'i', index, ...row, status: 'running' }, if: 'absent' },
    { put: { pk: `load#c#${customer}`, sk: 'm#welcome', instance: id, live: true }, if: 'absent' },
  );
  await write(table, execution('entry_1'));
  await write(table, step('entry_1', 'completed', { endedAt: at + n }), execution('email_1'));
  const send = { channel: 'email', status: 'sent', attempt: 1 };
  await write(table, step('email_1', 'completed', { endedAt: at + n, send }), execution('wait_1'));
  const wait = { deadline: at + n + 72 * hourMs, since: at + n, eventType: 'email_opened' };
  await write(
    table,
    {
      put: {
        ...instance,
        sk: 'i',
        index,
        ...row,
        status: 'waiting',
        tokens: [{ node: 'wait_1', wait }],
      },
    },
    { put: { pk: `load#c#${customer}`, sk: `w#email_opened#${id}#wait_1` } },
    { put: { pk: 'timers', sk: `${(at + n).toString(36)}load#x#${id}-1` } },
    { put: { pk: `load#e#${id}`, sk: 'e', at: at + n, expiresAt: at / 1_000 + 7 * daySeconds } },
    step('wait_1', 'waiting'),
  );
}
