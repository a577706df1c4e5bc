import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLmdbTable } from '../../../../lib/adapters/local/lmdb-table.ts';
import { planBookends } from '../../../../lib/adapters/local/lmdb/bookends.ts';

function plan(tree: readonly string[], keys: readonly string[]): string[] {
  const next = (key: string): string | undefined => tree.toSorted().find((each) => each > key);
  return planBookends(keys, next).map(({ key }) => key);
}

const newest = Array.from({ length: 40 }, (_, n) => `T#i#0${String(n).padStart(3, '0')}`);

describe('a bookend', () => {
  test('comes after a sequence of new keys that others follow', () => {
    expect(plan(['T#c#1', 'T#i#0', 'T#j#welcome'], newest)).toEqual(['T#i\xfd']);
    expect(plan(['T#i#0', 'T#i#z'], newest)).toEqual(['T#i#0\xfd']);
  });

  test('comes once', () => {
    expect(plan(['T#c#1', 'T#i#0', 'T#i\xfd', 'T#j#welcome'], newest)).toEqual([]);
  });

  test('is not needed at the end of the tree', () => {
    expect(plan(['T#c#1', 'T#i#0'], newest)).toEqual([]);
    expect(plan([], newest)).toEqual([]);
  });

  test('is not needed for a few keys, or for keys among others', () => {
    expect(plan(['T#j#welcome'], newest.slice(0, 10))).toEqual([]);
    expect(plan([...newest.map((key) => `${key}5`), 'U'], newest)).toEqual([]);
  });

  test('never comes between the chunks of one partition', () => {
    const chunks = newest.map((key) => `timers\0${key}`);
    expect(plan(['timers', 'timers\0z', 'u'], chunks)).toEqual([]);
    expect(plan(['timers', 'u'], chunks)).toEqual(['t\xfd']);
  });

  test('comes for each of several sequences', () => {
    const other = newest.map((key) => key.replace('T', 'U'));
    expect(plan(['T#j#1', 'U#j#1'], [...other, ...newest])).toEqual(['T#i\xfd', 'U#i\xfd']);
  });
});

test('with bookends, keys that grow with time fill their pages', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kalcifer-bookends-'));
  const pace = { logBytes: 30_000, delayMs: 5 };
  const { table, close, stats } = await createLmdbTable({ folder, pace });
  const write = (pk: string): Promise<unknown> =>
    table.write({ name: 'test.write', writes: [{ put: { pk, sk: 'i', text: 'x'.repeat(300) } }] });
  await write('T#z');
  const instances = 6_000;
  for (let from = 0; from < instances; from += 100) {
    const numbers = Array.from({ length: 100 }, (_, n) => String(from + n).padStart(8, '0'));
    await Promise.all(numbers.map((n) => write(`T#i#${n}`)));
  }
  await close();
  // 334 bytes each. Half-empty pages would take more than 650, full ones take 370.
  expect(stats().diskBytes / instances).toBeLessThan(500);
  rmSync(folder, { recursive: true });
});
