/** Guarantees 3, 4 and 5: queries of one partition. */
import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { Item, PartitionQuery, Table } from '../../lib/ports/table.ts';
import { put, remove, testTable, write, type TableSubject } from './table-subject.ts';

const pk = 'T#c#1';

export function describePages(subject: TableSubject): void {
  describe('(3) a query answers items of one partition in order of sort key', () => {
    testTable(subject, 'answers nothing for an empty partition', async (table) => {
      await put(table, { pk: 'T#c#2', sk: 'p' });
      expect(await table.query({ pk, limit: 10 })).toEqual({ items: [], more: false });
    });

    testTable(
      subject,
      'leaves out other partitions, also those whose name goes on',
      async (table) => {
        await fill(table, pk, 'b', 'a');
        await fill(table, `${pk}0`, 'x');
        await fill(table, `${pk}\0`, 'y');
        await fill(table, 'T#c#', 'z');
        expect(await sks(table, { pk, limit: 10 })).toEqual(['a', 'b']);
      },
    );

    testTable(subject, 'orders by the bytes of UTF-8, not by UTF-16 units', async (table) => {
      // '\uffee' is below '🙂' in bytes (EF < F0), above it in UTF-16 (FFEE > D83D).
      await fill(table, pk, '🙂', '\uffee', 'z', 'é', 'Z', 'a\0', 'a', '\0');
      const inOrder = ['\0', 'Z', 'a', 'a\0', 'z', 'é', '\uffee', '🙂'];
      expect(await sks(table, { pk, limit: 10 })).toEqual(inOrder);
      expect(await sks(table, { pk, limit: 10, backward: true })).toEqual(inOrder.toReversed());
      expect(await sks(table, { pk, limit: 10, after: '\uffee' })).toEqual(['🙂']);
      expect(await sks(table, { pk, limit: 10, below: 'é' })).toEqual(['\0', 'Z', 'a', 'a\0', 'z']);
    });

    testTable(subject, 'answers whole items', async (table) => {
      const item = { pk, sk: 's', list: [{ a: 'é' }], n: -5 };
      await put(table, item);
      expect(await table.query({ pk, limit: 1 })).toEqual({ items: [item], more: false });
    });

    testTable(subject, 'answers those with a prefix', async (table) => {
      await fill(table, pk, 'm#1', 'w', 'w#opened#1', 'w#opened#2', 'w#openedx', 'w$', 'x');
      expect(await sks(table, { pk, prefix: 'w#opened#', limit: 9 })).toEqual([
        'w#opened#1',
        'w#opened#2',
      ]);
      expect(await sks(table, { pk, prefix: 'w', limit: 9, backward: true })).toEqual([
        'w$',
        'w#openedx',
        'w#opened#2',
        'w#opened#1',
        'w',
      ]);
      expect(await sks(table, { pk, prefix: 'y', limit: 9 })).toEqual([]);
    });

    testTable(subject, 'answers those with a prefix beyond ASCII', async (table) => {
      await fill(table, pk, 'é', 'éa', 'ê', 'è', '\u{10ffff}', '\u{10ffff}\u{10ffff}');
      expect(await sks(table, { pk, prefix: 'é', limit: 9 })).toEqual(['é', 'éa']);
      expect(await sks(table, { pk, prefix: '\u{10ffff}', limit: 9 })).toEqual([
        '\u{10ffff}',
        '\u{10ffff}\u{10ffff}',
      ]);
    });

    testTable(subject, 'answers those after and below, in either direction', async (table) => {
      await fill(table, pk, 'a', 'b', 'c', 'd', 'e');
      expect(await sks(table, { pk, after: 'b', below: 'e', limit: 9 })).toEqual(['c', 'd']);
      expect(await sks(table, { pk, after: 'bb', limit: 9 })).toEqual(['c', 'd', 'e']);
      expect(await sks(table, { pk, after: 'd', backward: true, limit: 9 })).toEqual([
        'c',
        'b',
        'a',
      ]);
      expect(await sks(table, { pk, below: 'd', backward: true, limit: 9 })).toEqual([
        'c',
        'b',
        'a',
      ]);
      expect(await sks(table, { pk, after: 'e', limit: 9 })).toEqual([]);
      expect(await sks(table, { pk, after: 'a', backward: true, limit: 9 })).toEqual([]);
      expect(await sks(table, { pk, after: 'd', below: 'c', limit: 9 })).toEqual([]);
    });

    testTable(subject, 'combines prefix, after and below', async (table) => {
      await fill(table, pk, 'a1', 'b1', 'b2', 'b3', 'b4', 'c1');
      const query = { pk, prefix: 'b', after: 'b1', below: 'b4', limit: 9 };
      expect(await sks(table, query)).toEqual(['b2', 'b3']);
      expect(await sks(table, { ...query, after: 'a1', below: 'z' })).toEqual([
        'b1',
        'b2',
        'b3',
        'b4',
      ]);
      expect(await sks(table, { ...query, after: 'b4', below: 'b3', backward: true })).toEqual([
        'b2',
        'b1',
      ]);
    });
  });

  describe('(4) following `after` visits every item that stays in place exactly once', () => {
    testTable(subject, 'says whether more remain', async (table) => {
      await fill(table, pk, 'a', 'b', 'c');
      expect(await table.query({ pk, limit: 2 })).toMatchObject({ more: true });
      expect(await table.query({ pk, limit: 2, after: 'b' })).toMatchObject({ more: false });
      expect(await table.query({ pk, limit: 1_000 })).toMatchObject({ more: false });
    });

    for (const backward of [false, true]) {
      const direction = backward ? 'backward' : 'forward';
      testTable(subject, `visits thousands of items, page by page, ${direction}`, async (table) => {
        const names = await fillMany(table, 1_500);
        const ordered = backward ? names.toReversed() : names;
        expect(await visit(table, { pk, limit: 170, backward })).toEqual(ordered);
        expect(await visit(table, { pk, limit: 1_000, backward })).toEqual(ordered);
      });

      testTable(subject, `survives puts and deletes between pages, ${direction}`, async (table) => {
        const names = await fillMany(table, 300);
        const seen: string[] = [];
        let after: string | undefined;
        for (let page = 0; page < 20; page += 1) {
          const query = { pk, limit: 20, backward, ...(after === undefined ? {} : { after }) };
          const { items, more } = await table.query(query);
          seen.push(...items.map((item) => item.sk));
          after = items.at(-1)?.sk;
          if (!more || after === undefined) break;
          // What was just read goes, what was read before changes, and new items come on both sides.
          await remove(table, { pk, sk: after });
          await fill(table, pk, `${after}!`, `0${page}`, `z${page}`);
        }
        const stayed = names.filter((name) => seen.includes(name));
        expect(stayed).toEqual(names);
        expect(new Set(seen).size).toBe(seen.length);
      });
    }
  });

  describe('(4) pages of large items', () => {
    testTable(subject, 'are as full as pages of small ones', async (table) => {
      const names = Array.from({ length: 12 }, (_, n) => `n${String(n).padStart(2, '0')}`);
      const item = (sk: string): Item => ({ pk, sk, index: 'large', list: largeList(sk) });
      await put(table, ...names.map(item));
      const whole = await table.query({ pk, limit: 12 });
      expect(whole).toEqual({ items: names.map(item), more: false });
      expect(await table.query({ pk, limit: 11, backward: true })).toEqual({
        items: names.toReversed().slice(0, 11).map(item),
        more: true,
      });
      expect(await visit(table, { pk, limit: 5 })).toEqual(names);
    });
  });

  describe('(5) a query sees every write acknowledged before it', () => {
    testTable(subject, 'sees each of a hundred puts and deletes', async (table) => {
      const names: string[] = [];
      for (let n = 0; n < 100; n += 1) {
        names.push(`s${String(n).padStart(3, '0')}`);
        await fill(table, pk, names.at(-1) as string);
        expect(await sks(table, { pk, limit: 1_000 })).toEqual(names);
      }
      for (const name of [...names]) {
        await remove(table, { pk, sk: name });
        names.shift();
        expect(await sks(table, { pk, limit: 1_000 })).toEqual(names);
      }
    });
  });
}

async function fill(table: Table, partition: string, ...names: readonly string[]): Promise<void> {
  await put(table, ...names.map((sk) => ({ pk: partition, sk })));
}

/** Some 200 KB that hardly get smaller by packing. */
function largeList(seed: string): string[] {
  return Array.from({ length: 3_000 }, (_, n) =>
    createHash('sha384').update(`${seed} ${n}`).digest('base64'),
  );
}

/** Writes items in an order that has nothing to do with their names; answers the names in order. */
async function fillMany(table: Table, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => `n${String(n).padStart(5, '0')}`);
  const mixed = names.map((_, n) => names[(n * 7_919) % count] as string);
  for (let from = 0; from < count; from += 100) {
    const puts = mixed
      .slice(from, from + 100)
      .map((sk) => ({ put: { pk, sk, text: 'x'.repeat(30) } }));
    await write(table, ...puts);
  }
  return names;
}

async function sks(table: Table, query: PartitionQuery): Promise<string[]> {
  const { items } = await table.query(query);
  return items.map((item) => item.sk);
}

async function visit(table: Table, query: PartitionQuery): Promise<string[]> {
  const seen: string[] = [];
  for (let more = true; more;) {
    const after = seen.at(-1);
    const page = await table.query({ ...query, ...(after === undefined ? {} : { after }) });
    seen.push(...page.items.map((item) => item.sk));
    more = page.more;
  }
  return seen;
}
