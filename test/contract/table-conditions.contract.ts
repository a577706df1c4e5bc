/** Guarantees 9 and 12: how conditions are judged, and what a refusal tells. */
import { describe, expect } from 'vitest';
import type { Condition, Item, Table } from '../../lib/ports/table.ts';
import { put, testTable, write, type TableSubject } from './table-subject.ts';

const key = { pk: 'T#i#1', sk: 'i' };
const stored: Item = { ...key, status: 'waiting', epoch: 2, paused: false, revision: 7 };

export function describeConditions(subject: TableSubject): void {
  describe('(9) conditions are judged against the stored items', () => {
    const cases: readonly [string, Condition, boolean][] = [
      ['absent', 'absent', false],
      ['present', 'present', true],
      ['its revision', { revision: 7 }, true],
      ['another revision', { revision: 6 }, false],
      ['no revision', { revision: 0 }, false],
      ['an equal text', { equals: { status: 'waiting' } }, true],
      ['an unequal text', { equals: { status: 'running' } }, false],
      ['an equal number', { equals: { epoch: 2 } }, true],
      ['a number as text', { equals: { epoch: '2' } }, false],
      ['an equal boolean', { equals: { paused: false } }, true],
      ['several equal fields', { equals: { status: 'waiting', epoch: 2, paused: false } }, true],
      ['several fields, one unequal', { equals: { status: 'waiting', epoch: 3 } }, false],
      ['a field that is not there', { equals: { reason: 'x' } }, false],
      ['no fields at all', { equals: {} }, true],
    ];
    for (const [name, condition, holds] of cases) {
      testTable(subject, `${name}: ${holds ? 'goes ahead' : 'is refused'}`, async (table) => {
        await put(table, stored);
        const answer = await write(table, { put: { ...key, replaced: true }, if: condition });
        expect(answer).toEqual(
          holds ? { done: true } : { done: false, refused: [{ at: 0, current: stored }] },
        );
        expect(await table.get(key)).toEqual(holds ? { ...key, replaced: true } : stored);
      });
    }

    const withoutItem: readonly [string, Condition, boolean][] = [
      ['absent', 'absent', true],
      ['present', 'present', false],
      ['revision 0', { revision: 0 }, false],
      ['equal fields', { equals: { status: 'waiting' } }, false],
      ['no fields at all', { equals: {} }, false],
    ];
    for (const [name, condition, holds] of withoutItem) {
      const outcome = holds ? 'goes ahead' : 'is refused';
      testTable(subject, `${name}, where no item is: ${outcome}`, async (table) => {
        const answer = await write(table, { put: { ...key, n: 1 }, if: condition });
        expect(answer).toEqual(holds ? { done: true } : { done: false, refused: [{ at: 0 }] });
        expect(await table.get(key)).toEqual(holds ? { ...key, n: 1 } : undefined);
      });
    }

    testTable(subject, 'compares values however they are kept', async (table) => {
      const kept = {
        long: 'x'.repeat(10_000),
        far: 1e300,
        '': 'nameless',
        '~': 2,
        indexOrder: 'a',
      };
      await put(table, { ...key, ...kept });
      for (const [field, value] of Object.entries(kept)) {
        const equals = { [field]: value };
        const other = { [field]: typeof value === 'number' ? value * 2 : `${value}x` };
        expect(await write(table, { check: key, if: { equals } })).toEqual({ done: true });
        expect(await write(table, { put: { ...key, ...kept }, if: { equals } })).toEqual({
          done: true,
        });
        expect(await write(table, { delete: key, if: { equals: other } })).toMatchObject({
          done: false,
        });
        expect(
          await write(
            table,
            { check: key, if: { equals: other } },
            { delete: { pk: 'b', sk: '1' } },
          ),
        ).toMatchObject({ done: false });
      }
      expect(await write(table, { delete: key, if: { equals: kept } })).toEqual({ done: true });
    });

    testTable(subject, 'counts an absent revision as 0', async (table) => {
      await put(table, { ...key, n: 1 });
      expect(await write(table, { put: { ...key, revision: 1 }, if: { revision: 0 } })).toEqual({
        done: true,
      });
      expect(await write(table, { put: { ...key, revision: 2 }, if: { revision: 0 } })).toEqual({
        done: false,
        refused: [{ at: 0, current: { ...key, revision: 1 } }],
      });
    });

    testTable(subject, 'judges deletes as it judges puts', async (table) => {
      await put(table, stored);
      expect(await write(table, { delete: key, if: { revision: 6 } })).toMatchObject({
        done: false,
      });
      expect(await table.get(key)).toEqual(stored);
      expect(await write(table, { delete: key, if: { revision: 7 } })).toEqual({ done: true });
      expect(await table.get(key)).toBeUndefined();
    });

    testTable(subject, 'judges before any write of the group', async (table) => {
      await put(table, { pk: 'a', sk: '1', n: 1 });
      const answer = await write(
        table,
        { put: { pk: 'a', sk: '1', n: 2 }, if: { equals: { n: 1 } } },
        { put: { pk: 'b', sk: '1' }, if: 'absent' },
        { check: { pk: 'c', sk: '1' }, if: 'absent' },
      );
      expect(answer).toEqual({ done: true });
      expect(await table.get({ pk: 'a', sk: '1' })).toEqual({ pk: 'a', sk: '1', n: 2 });
    });

    testTable(subject, 'lets a check decide without writing', async (table) => {
      await put(table, stored);
      const going = { check: key, if: { equals: { status: 'waiting' } } } as const;
      const refused = { check: key, if: { equals: { status: 'done' } } } as const;
      expect(await write(table, going, { put: { pk: 'b', sk: '1' } })).toEqual({ done: true });
      expect(await write(table, refused, { put: { pk: 'c', sk: '1' } })).toMatchObject({
        done: false,
      });
      expect(await table.get({ pk: 'b', sk: '1' })).toEqual({ pk: 'b', sk: '1' });
      expect(await table.get({ pk: 'c', sk: '1' })).toBeUndefined();
      expect(await table.get(key)).toEqual(stored);
    });

    testTable(subject, 'takes a group of checks alone', async (table) => {
      await put(table, stored);
      expect(await write(table, { check: key, if: 'present' })).toEqual({ done: true });
      expect(await write(table, { check: key, if: 'absent' })).toMatchObject({ done: false });
    });

    testTable(subject, 'judges an item in a crowded partition', async (table) => {
      await crowd(table);
      const middle = { pk: 'crowd', sk: 's150' };
      const answer = await write(table, { put: { ...middle, n: 1 }, if: { equals: { n: 150 } } });
      expect(answer).toEqual({ done: true });
      expect(await write(table, { delete: middle, if: { equals: { n: 150 } } })).toEqual({
        done: false,
        refused: [{ at: 0, current: { ...middle, n: 1 } }],
      });
      expect(await write(table, { put: { pk: 'crowd', sk: 's150!' }, if: 'absent' })).toEqual({
        done: true,
      });
    });
  });

  describe('(12) a refusal tells every failed condition with the stored item', () => {
    testTable(subject, 'tells all of them, by position', async (table) => {
      await put(table, stored, { pk: 'b', sk: '1', n: [1, { deep: 'é' }] });
      const answer = await write(
        table,
        { put: { ...key }, if: 'absent' },
        { put: { pk: 'c', sk: '1' }, if: 'absent' },
        { delete: { pk: 'd', sk: '1' }, if: 'present' },
        { check: { pk: 'b', sk: '1' }, if: { revision: 3 } },
      );
      expect(answer).toEqual({
        done: false,
        refused: [
          { at: 0, current: stored },
          { at: 2 },
          { at: 3, current: { pk: 'b', sk: '1', n: [1, { deep: 'é' }] } },
        ],
      });
    });

    testTable(subject, 'tells an item that anybody can read by then', async (table) => {
      for (let n = 0; n < 30; n += 1) {
        const item = { pk: `T#i#${n}`, sk: 'i', n };
        const first = write(table, { put: item, if: 'absent' });
        const second = await write(table, { put: { ...item, n: -1 }, if: 'absent' });
        expect(await table.get({ pk: item.pk, sk: 'i' })).toEqual(
          second.done ? { ...item, n: -1 } : item,
        );
        await first;
      }
    });
  });
}

async function crowd(table: Table): Promise<void> {
  for (let from = 0; from < 300; from += 100) {
    const numbers = Array.from({ length: 100 }, (_, n) => from + n);
    await write(
      table,
      ...numbers.map((n) => ({ put: { pk: 'crowd', sk: `s${String(n).padStart(3, '0')}`, n } })),
    );
  }
}
