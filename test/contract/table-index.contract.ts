/** Guarantees 6 and 7: the index. Every question is asked until the answer is right, because an index may lag. */
import { describe, expect } from 'vitest';
import type { IndexQuery, Item, Key, Table } from '../../lib/ports/table.ts';
import { eventually, put, remove, testTable, write, type TableSubject } from './table-subject.ts';

export function describeIndex(subject: TableSubject): void {
  describe('(6) the index answers items by index value, ordered by pk, then sk', () => {
    testTable(subject, 'finds whole items of any partition, in order', async (table) => {
      await put(
        table,
        { pk: 'b', sk: '1', index: 'red', n: 3 },
        { pk: 'a', sk: '2', index: 'red', n: 2 },
        { pk: 'a', sk: '1', index: 'red', n: 1 },
        { pk: 'a', sk: '3', index: 'blue' },
        { pk: 'a', sk: '4' },
      );
      await eventually(
        () => items(table, { index: 'red', limit: 9 }),
        [
          { pk: 'a', sk: '1', index: 'red', n: 1 },
          { pk: 'a', sk: '2', index: 'red', n: 2 },
          { pk: 'b', sk: '1', index: 'red', n: 3 },
        ],
      );
    });

    testTable(subject, 'orders by the bytes of UTF-8', async (table) => {
      const inOrder = ['a 1', 'a 2', 'a\0 1', 'aa 1', 'é 1', '\uffee 1', '🙂 1'];
      for (const name of inOrder.toReversed()) await put(table, { ...keyOf(name), index: 'i' });
      await eventually(() => names(table, { index: 'i', limit: 9 }), inOrder);
      await eventually(
        () => names(table, { index: 'i', limit: 9, backward: true }),
        inOrder.toReversed(),
      );
    });

    testTable(subject, 'keeps index values apart that begin alike', async (table) => {
      await put(table, { ...keyOf('a 1'), index: 'x' }, { ...keyOf('b 1'), index: 'xy' });
      await put(table, { ...keyOf('c 1'), index: 'x\0' }, { ...keyOf('d 1'), index: 'x\0a' });
      await eventually(() => names(table, { index: 'x', limit: 9 }), ['a 1']);
      await eventually(() => names(table, { index: 'xy', limit: 9 }), ['b 1']);
      await eventually(() => names(table, { index: 'x\0', limit: 9, backward: true }), ['c 1']);
      await eventually(() => names(table, { index: 'x\0a', limit: 9 }), ['d 1']);
    });

    testTable(subject, 'answers those after a key, in either direction', async (table) => {
      for (const name of ['a 1', 'a 2', 'b 1', 'c 1'])
        await put(table, { ...keyOf(name), index: 'i' });
      await eventually(() => names(table, { index: 'i', limit: 9 }), ['a 1', 'a 2', 'b 1', 'c 1']);
      const after = keyOf('a 2');
      expect(await names(table, { index: 'i', limit: 9, after })).toEqual(['b 1', 'c 1']);
      expect(await names(table, { index: 'i', limit: 9, after, backward: true })).toEqual(['a 1']);
      const gone = { pk: 'a', sk: '15' };
      expect(await names(table, { index: 'i', limit: 9, after: gone })).toEqual([
        'a 2',
        'b 1',
        'c 1',
      ]);
    });

    for (const backward of [false, true]) {
      const direction = backward ? 'backward' : 'forward';
      testTable(subject, `visits hundreds of items, page by page, ${direction}`, async (table) => {
        const all = Array.from({ length: 500 }, (_, n) => `p${String(n).padStart(3, '0')} s`);
        for (let from = 0; from < 500; from += 100) {
          const page = all.slice(from, from + 100).reverse();
          await write(table, ...page.map((name) => ({ put: { ...keyOf(name), index: 'all' } })));
        }
        const ordered = backward ? all.toReversed() : all;
        await eventually(() => visit(table, { index: 'all', limit: 70, backward }), ordered);
      });
    }
  });

  describe('(7) the index eventually agrees with the table', () => {
    const key = { pk: 'a', sk: '1' };

    testTable(subject, 'follows a changed index value', async (table) => {
      await put(table, { ...key, index: 'red' });
      await eventually(() => names(table, { index: 'red', limit: 9 }), ['a 1']);
      await put(table, { ...key, index: 'blue' });
      await eventually(() => names(table, { index: 'red', limit: 9 }), []);
      await eventually(() => names(table, { index: 'blue', limit: 9 }), ['a 1']);
    });

    testTable(subject, 'answers the item as it is now under the same value', async (table) => {
      await put(table, { ...key, index: 'red', n: 1 }, { ...key, index: 'red', n: 2 });
      await eventually(
        () => items(table, { index: 'red', limit: 9 }),
        [{ ...key, index: 'red', n: 2 }],
      );
    });

    testTable(subject, 'forgets an item that loses its index value', async (table) => {
      await put(table, { ...key, index: 'red' });
      await eventually(() => names(table, { index: 'red', limit: 9 }), ['a 1']);
      await put(table, { ...key });
      await eventually(() => names(table, { index: 'red', limit: 9 }), []);
    });

    testTable(subject, 'forgets an item that is deleted', async (table) => {
      await put(table, { ...key, index: 'red' }, { pk: 'b', sk: '1', index: 'red' });
      await eventually(() => names(table, { index: 'red', limit: 9 }), ['a 1', 'b 1']);
      await remove(table, key);
      await eventually(() => names(table, { index: 'red', limit: 9 }), ['b 1']);
    });

    testTable(subject, 'keeps nothing of a refused group', async (table) => {
      await write(
        table,
        { put: { ...key, index: 'red' } },
        { check: { pk: 'x', sk: 'x' }, if: 'present' },
      );
      await put(table, { pk: 'b', sk: '1', index: 'red' });
      await eventually(() => names(table, { index: 'red', limit: 9 }), ['b 1']);
    });
  });
}

/** A short way to write keys: `pk sk`. */
function keyOf(name: string): Key {
  const [pk, sk] = name.split(' ') as [string, string];
  return { pk, sk };
}

async function items(table: Table, query: IndexQuery): Promise<readonly Item[]> {
  return (await table.queryIndex(query)).items;
}

async function names(table: Table, query: IndexQuery): Promise<string[]> {
  return (await items(table, query)).map(({ pk, sk }) => `${pk} ${sk}`);
}

async function visit(table: Table, query: IndexQuery): Promise<string[]> {
  const seen: string[] = [];
  for (let more = true; more;) {
    const last = seen.at(-1);
    const page = await table.queryIndex({
      ...query,
      ...(last === undefined ? {} : { after: keyOf(last) }),
    });
    seen.push(...page.items.map(({ pk, sk }) => `${pk} ${sk}`));
    more = page.more;
  }
  return seen;
}
