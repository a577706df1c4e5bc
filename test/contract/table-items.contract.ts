/** Guarantees 1, 2, 8 and 11: items come back as they were written, whole groups or nothing, and stay. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Item, WriteGroup } from '../../lib/ports/table.ts';
import { put, remove, testTable, write, type TableSubject } from './table-subject.ts';

const key = { pk: 'T#i#1', sk: 'i' };

export function describeItems(subject: TableSubject): void {
  describe('(1) an item is answered as it was last written', () => {
    testTable(subject, 'answers undefined for a key that was never written', async (table) => {
      await put(table, { pk: 'T#i#1', sk: 's' });
      expect(await table.get(key)).toBeUndefined();
      expect(await table.get({ pk: 'T#i#2', sk: 's' })).toBeUndefined();
    });

    testTable(subject, 'answers every kind of JSON value', async (table) => {
      const item: Item = {
        ...key,
        text: 'waiting',
        empty: '',
        yes: true,
        no: false,
        nothing: null,
        zero: 0,
        small: 63,
        byte: 64,
        negative: -1,
        large: 9_007_199_254_740_991,
        largeNegative: -9_007_199_254_740_991,
        instant: 1_767_225_600_000,
        beforeInstants: 1_099_511_627_775,
        afterInstants: 2_199_023_255_552,
        fraction: -0.1,
        tiny: 1.5e-120,
        list: [],
        lists: [[1, 'two'], [], [{ three: 3 }]],
        object: { a: { b: { c: [null, ''] } }, 'a b': '' },
        emptyObject: {},
      };
      await put(table, item);
      expect(await table.get(key)).toEqual(item);
    });

    testTable(subject, 'keeps texts of any language and length', async (table) => {
      const item: Item = {
        ...key,
        greek: 'Καλησπέρα',
        emoji: '🙂👩‍👩‍👧',
        highest: '\u{10ffff}',
        zero: 'a\0b',
        long: 'é'.repeat(20_000),
        longAscii: 'x'.repeat(5_000),
        ['naïve field']: 1,
      };
      await put(table, item);
      expect(await table.get(key)).toEqual(item);
    });

    testTable(
      subject,
      'keeps half a character as UTF-8 does: as one that says so',
      async (table) => {
        const half = '\ud83d';
        await put(table, { ...key, text: `a${half}`, list: [half.repeat(3_000)], [`n${half}`]: 1 });
        const item = { ...key, text: 'a\ufffd', list: ['\ufffd'.repeat(3_000)], ['n\ufffd']: 1 };
        expect(await table.get(key)).toEqual(item);
      },
    );

    testTable(subject, 'keeps long lists and objects with many fields', async (table) => {
      const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, n]));
      const item: Item = { ...key, many, list: Array.from({ length: 500 }, (_, n) => n * n) };
      await put(table, item);
      expect(await table.get(key)).toEqual(item);
    });

    testTable(subject, 'keeps numbers of any size', async (table) => {
      const numbers = [1.7976931348623157e308, -1e200, 5e-324, -2.5e-130, 0.1 + 0.2, 1e21];
      const item: Item = { ...key, highest: Number.MAX_VALUE, lowest: -5e-324, numbers };
      await put(table, item);
      expect(await table.get(key)).toEqual(item);
    });

    testTable(subject, 'keeps fields of any name', async (table) => {
      const names = [
        '',
        '~',
        '~number',
        '~brotli',
        'indexOrder',
        'by-index',
        'N',
        'S',
        'a.b',
        'a[0]',
      ];
      const fields = Object.fromEntries(names.map((name) => [name, { inner: name }]));
      const item: Item = { ...key, ...fields, fields };
      await put(table, item);
      expect(await table.get(key)).toEqual(item);
    });

    testTable(subject, 'keeps 256 KiB without any pattern', async (table) => {
      const item: Item = {
        ...key,
        chance: chance(192 * 1_024),
        inner: { chance: chance(63 * 1_024) },
      };
      await put(table, item);
      expect(await table.get(key)).toEqual(item);
      const other = { ...item, sk: 'j' };
      expect(await write(table, { put: other }, { check: key, if: 'present' })).toEqual({
        done: true,
      });
      expect(await table.get(other)).toEqual(other);
    });

    testTable(subject, 'keeps a megabyte that repeats itself', async (table) => {
      const state = (n: number) => ({ Type: 'Task', Next: `node-${n}`, Comment: 'x'.repeat(100) });
      const states = Array.from({ length: 6_000 }, (_, n) => state(n));
      const item: Item = { ...key, states, definition: JSON.stringify(states) };
      await put(table, item);
      expect(await table.get(key)).toEqual(item);
    });

    testTable(subject, 'keeps a field named __proto__ as a field', async (table) => {
      const item = { ...key, data: JSON.parse('{"__proto__":{"a":1}}') as Item['data'] } as Item;
      await put(table, item);
      const stored = await table.get(key);
      expect(Object.keys(stored?.data as object)).toEqual(['__proto__']);
      expect((stored?.data as { a?: unknown }).a).toBeUndefined();
    });

    testTable(subject, 'drops fields that are undefined, at every depth', async (table) => {
      await put(table, { ...key, kept: 1, gone: undefined, inner: { kept: 2, gone: undefined } });
      const stored = await table.get(key);
      expect(Object.keys(stored ?? {}).sort()).toEqual(['inner', 'kept', 'pk', 'sk']);
      expect(Object.keys(stored?.inner as object)).toEqual(['kept']);
    });

    testTable(subject, 'replaces the whole item', async (table) => {
      await put(table, { ...key, a: 1, b: 2 }, { ...key, b: 3 });
      expect(await table.get(key)).toEqual({ ...key, b: 3 });
    });

    testTable(subject, 'shares nothing with the caller', async (table) => {
      const item = { ...key, list: [1] };
      await put(table, item);
      item.list.push(2);
      const first = await table.get(key);
      (first?.list as number[]).push(3);
      expect(await table.get(key)).toEqual({ ...key, list: [1] });
    });

    testTable(subject, 'keeps the same fields in any number of items apart', async (table) => {
      for (let n = 0; n < 40; n += 1) {
        await put(table, { pk: `T#i#${n}`, sk: 'i', n, at: { node: `n${n}`, since: n } });
      }
      for (let n = 0; n < 40; n += 1) {
        const stored = { pk: `T#i#${n}`, sk: 'i', n, at: { node: `n${n}`, since: n } };
        expect(await table.get({ pk: `T#i#${n}`, sk: 'i' })).toEqual(stored);
      }
    });

    testTable(
      subject,
      'takes keys of 512 bytes, in one byte or several a letter',
      async (table) => {
        for (const letter of ['k', 'é', '€', '🙂']) {
          const long = letter.repeat(512 / Buffer.byteLength(letter) - (letter === '€' ? 0.5 : 0));
          await put(table, { pk: long, sk: long, index: long, letter });
          expect(await table.get({ pk: long, sk: long })).toMatchObject({ letter });
        }
      },
    );

    testTable(subject, 'keeps keys apart that differ by a zero byte', async (table) => {
      const keys = [
        { pk: 'a', sk: 'b\0c' },
        { pk: 'a\0b', sk: 'c' },
        { pk: 'a\0', sk: 'b' },
        { pk: 'a', sk: '\0b' },
      ];
      for (const [n, each] of keys.entries()) await put(table, { ...each, n });
      for (const [n, each] of keys.entries()) expect(await table.get(each)).toEqual({ ...each, n });
    });
  });

  describe('(2) a get sees every write acknowledged before it', () => {
    testTable(subject, 'sees each put and each delete at once', async (table) => {
      for (let n = 0; n < 20; n += 1) {
        await put(table, { ...key, n });
        expect(await table.get(key)).toEqual({ ...key, n });
      }
      await remove(table, key);
      expect(await table.get(key)).toBeUndefined();
    });
  });

  describe('(8) all writes of a group happen, or none', () => {
    testTable(subject, 'writes a group of 100', async (table) => {
      const items = Array.from({ length: 100 }, (_, n) => ({ pk: `p${n % 7}`, sk: `s${n}`, n }));
      expect(await write(table, ...items.map((item) => ({ put: item })))).toEqual({ done: true });
      for (const { pk, sk, n } of items) expect(await table.get({ pk, sk })).toEqual({ pk, sk, n });
    });

    testTable(subject, 'writes nothing when the last condition fails', async (table) => {
      await put(table, { pk: 'a', sk: '1', kept: true });
      const answer = await write(
        table,
        { put: { pk: 'b', sk: '1' } },
        { delete: { pk: 'a', sk: '1' } },
        { put: { pk: 'c', sk: '1' }, if: 'present' },
      );
      expect(answer).toEqual({ done: false, refused: [{ at: 2 }] });
      expect(await table.get({ pk: 'a', sk: '1' })).toEqual({ pk: 'a', sk: '1', kept: true });
      expect(await table.get({ pk: 'b', sk: '1' })).toBeUndefined();
    });

    testTable(subject, 'deletes what is not there without complaint', async (table) => {
      await remove(table, key);
      expect(await table.get(key)).toBeUndefined();
    });

    testTable(subject, 'takes the writes as they were when it was called', async (table) => {
      const item = { ...key, list: ['before'] };
      const group: WriteGroup = { name: 'contract.write', writes: [{ put: item }] };
      const writing = table.write(group);
      item.list[0] = 'after';
      await writing;
      expect(await table.get(key)).toEqual({ ...key, list: ['before'] });
    });
  });

  describe('(11) an acknowledged write survives', () => {
    test.skipIf(subject.reopen === undefined)('is there for the next process', async () => {
      const first = await subject.open();
      await put(first.table, { ...key, index: 'all', n: 1 }, { pk: 'T#i#2', sk: 'i' });
      await remove(first.table, { pk: 'T#i#2', sk: 'i' });
      await first.close();
      const second = (await subject.reopen?.(first)) ?? first;
      try {
        expect(await second.table.get(key)).toEqual({ ...key, index: 'all', n: 1 });
        expect(await second.table.get({ pk: 'T#i#2', sk: 'i' })).toBeUndefined();
      } finally {
        await second.close();
      }
    });
  });
}

/** Letters without any pattern: packing hardly makes them smaller. */
function chance(bytes: number): string {
  let text = '';
  for (let n = 0; text.length < bytes; n += 1) {
    text += createHash('sha512')
      .update(String(n))
      .digest()
      .toString('latin1')
      .replaceAll(/[^!-~]/g, '');
  }
  return text.slice(0, bytes);
}
