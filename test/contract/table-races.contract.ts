/** Guarantee 10: of concurrent groups whose conditions exclude each other, exactly one happens. */
import { describe, expect } from 'vitest';
import type { Item, Table, WriteAnswer } from '../../lib/ports/table.ts';
import { put, testTable, write, type TableSubject } from './table-subject.ts';

const key = { pk: 'T#i#1', sk: 'i' };

export function describeRaces(subject: TableSubject): void {
  describe('(10) of groups that exclude each other exactly one happens', () => {
    testTable(subject, 'gives one of 100 concurrent claims the item', async (table) => {
      const answers = await all(100, (n) =>
        write(
          table,
          { put: { ...key, owner: n }, if: 'absent' },
          { put: { pk: `log${n}`, sk: '1' } },
        ),
      );
      const winner = soleWinner(answers);
      const kept = { ...key, owner: winner };
      expect(await table.get(key)).toEqual(kept);
      for (const [n, answer] of answers.entries()) {
        if (n !== winner) {
          expect(answer).toEqual({ done: false, refused: [{ at: 0, current: kept }] });
        }
        expect(await table.get({ pk: `log${n}`, sk: '1' })).toEqual(
          n === winner ? { pk: `log${n}`, sk: '1' } : undefined,
        );
      }
    });

    testTable(subject, 'lets one of 100 concurrent groups change a revision', async (table) => {
      await put(table, { ...key, revision: 4 });
      const answers = await all(100, (n) =>
        write(table, { put: { ...key, revision: 5, n }, if: { revision: 4 } }),
      );
      expect(await table.get(key)).toEqual({ ...key, revision: 5, n: soleWinner(answers) });
    });

    testTable(subject, 'lets one of 100 concurrent deletes happen', async (table) => {
      await put(table, key);
      soleWinner(await all(100, () => write(table, { delete: key, if: 'present' })));
      expect(await table.get(key)).toBeUndefined();
    });

    testTable(subject, 'loses no increment of concurrent counters', async (table) => {
      await put(table, { ...key, revision: 0 });
      await all(20, async () => {
        for (let done = false; !done;) done = await increment(table);
      });
      expect(await table.get(key)).toEqual({ ...key, revision: 20 });
    });

    testTable(subject, 'lets one side of a wait win: the event or the timeout', async (table) => {
      for (let n = 0; n < 25; n += 1) {
        const wait: Item = { pk: `T#i#${n}`, sk: 'w', status: 'open' };
        await put(table, wait);
        const resolve = (status: string) =>
          write(table, { put: { ...wait, status }, if: { equals: { status: 'open' } } });
        const answers = await Promise.all([resolve('event'), resolve('timed_out')]);
        const status = ['event', 'timed_out'][soleWinner(answers)];
        expect(await table.get({ pk: wait.pk, sk: 'w' })).toEqual({ ...wait, status });
      }
    });

    testTable(subject, 'keeps two items alike that are always written together', async (table) => {
      const [left, right] = [
        { pk: 'l', sk: '1' },
        { pk: 'r', sk: '1' },
      ];
      await write(table, { put: { ...left, n: 0 } }, { put: { ...right, n: 0 } });
      await all(60, (n) =>
        n % 3 === 0
          ? write(table, { check: left, if: 'present' })
          : write(table, { put: { ...left, n } }, { put: { ...right, n } }),
      );
      const last = (await table.get(left))?.n;
      expect(await table.get(right)).toEqual({ ...right, n: last });
    });
  });
}

function all<T>(count: number, start: (n: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => start(n)));
}

function soleWinner(answers: readonly WriteAnswer[]): number {
  expect(answers.filter((answer) => answer.done)).toHaveLength(1);
  return answers.findIndex((answer) => answer.done);
}

async function increment(table: Table): Promise<boolean> {
  const revision = (await table.get(key))?.revision ?? 0;
  const answer = await write(table, { put: { ...key, revision: revision + 1 }, if: { revision } });
  return answer.done;
}
