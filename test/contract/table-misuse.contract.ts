/** Calls that are wrong in themselves: `table.misuse`, naming the place, and nothing is written. */
import { describe, expect } from 'vitest';
import type { Item, Table, Write } from '../../lib/ports/table.ts';
import { put, testTable, write, type TableSubject } from './table-subject.ts';

const key = { pk: 'a', sk: '1' };

export function describeMisuse(subject: TableSubject): void {
  describe('a wrong call is refused as misuse', () => {
    const wrongGroups: readonly [string, readonly Write[], string][] = [
      ['a group without writes', [], 'must be 1 to 100 writes, but there are 0'],
      ['a group of 101 writes', numbered(101), 'must be 1 to 100 writes, but there are 101'],
      [
        'two writes of one key',
        [{ put: { ...key, n: 1 } }, { put: { pk: 'b', sk: '1' } }, { delete: key }],
        'writes[2] has the same key as writes[0]',
      ],
      [
        'a check beside a put of the same key',
        [{ put: { ...key, n: 1 } }, { check: key, if: 'present' }],
        'writes[1] has the same key as writes[0]',
      ],
      ['an empty pk', [{ put: { pk: '', sk: '1' } }], 'writes[0].pk must be 1 to 512 bytes'],
      ['an empty sk', [{ delete: { pk: 'a', sk: '' } }], 'writes[0].sk must be 1 to 512 bytes'],
      ['a pk of 513 bytes', [{ put: { pk: 'k'.repeat(513), sk: '1' } }], 'but it is 513'],
      ['an sk of 514 bytes in 257 letters', [{ put: { pk: 'a', sk: 'é'.repeat(257) } }], 'is 514'],
      ['half an emoji in a key', [{ put: { pk: '\ud83d', sk: '1' } }], 'well-formed Unicode'],
      ['a key that is no text', [{ put: { pk: 7 as never, sk: '1' } }], 'pk must be a string'],
      ['an empty index value', [{ put: { ...key, index: '' } }], 'writes[0].put.index must be 1'],
      ['an index value of 513 bytes', [{ put: { ...key, index: 'i'.repeat(513) } }], 'is 513'],
      ['half a revision', [{ put: { ...key, revision: 0.5 } }], 'revision must be a whole number'],
      [
        'an expiry that is no number',
        [{ put: { ...key, expiresAt: Number.NaN } }],
        'expiresAt must be a number of epoch seconds',
      ],
    ];
    for (const [name, writes, message] of wrongGroups) {
      testTable(subject, name, async (table) => {
        await expect(write(table, ...writes)).rejects.toMatchObject({
          code: 'table.misuse',
          message: expect.stringContaining(message) as string,
        });
        expect(await table.get(key)).toBeUndefined();
      });
    }

    const notJson: readonly [string, unknown][] = [
      ['NaN', Number.NaN],
      ['Infinity', [Number.POSITIVE_INFINITY]],
      ['a function', { inner: () => 1 }],
      ['a bigint', 1n],
      ['undefined in a list', [1, undefined]],
      ['33 levels of lists', nested(33)],
    ];
    for (const [name, value] of notJson) {
      testTable(subject, `a field that holds ${name}`, async (table) => {
        const item = { ...key, field: value } as Item;
        await expect(
          write(table, { put: { pk: 'b', sk: '1' } }, { put: item }),
        ).rejects.toMatchObject({
          code: 'table.misuse',
          message: expect.stringContaining('field') as string,
        });
        expect(await table.get({ pk: 'b', sk: '1' })).toBeUndefined();
      });
    }

    testTable(subject, 'tells all problems of a call at once', async (table) => {
      const call = write(table, { put: { pk: '', sk: '' } }, { delete: { pk: 'a', sk: '' } });
      await expect(call).rejects.toMatchObject({
        problems: [{ path: 'writes[0].pk' }, { path: 'writes[0].sk' }, { path: 'writes[1].sk' }],
      });
    });

    const wrongReads: readonly [string, (table: Table) => Promise<unknown>][] = [
      ['a get without pk', (table) => table.get({ pk: '', sk: '1' })],
      ['a get with half an emoji', (table) => table.get({ pk: 'a', sk: '\ud83d' })],
      ['a page of 0', (table) => table.query({ pk: 'a', limit: 0 })],
      ['a page of 1,001', (table) => table.query({ pk: 'a', limit: 1_001 })],
      ['half a page', (table) => table.query({ pk: 'a', limit: 1.5 })],
      ['a query without pk', (table) => table.query({ pk: '', limit: 1 })],
      ['too long a prefix', (table) => table.query({ pk: 'a', prefix: 'x'.repeat(513), limit: 1 })],
      ['an index page of 0', (table) => table.queryIndex({ index: 'a', limit: 0 })],
      ['an index query without value', (table) => table.queryIndex({ index: '', limit: 1 })],
      [
        'an index query after half a key',
        (table) => table.queryIndex({ index: 'a', after: { pk: 'a', sk: '' }, limit: 1 }),
      ],
    ];
    for (const [name, call] of wrongReads) {
      testTable(subject, name, async (table) => {
        await put(table, key);
        await expect(call(table)).rejects.toMatchObject({ code: 'table.misuse' });
      });
    }

    testTable(subject, 'takes 32 levels of lists', async (table) => {
      await put(table, { ...key, field: nested(31) as Item[string] });
      expect(await table.get(key)).toEqual({ ...key, field: nested(31) });
    });
  });
}

function numbered(count: number): Write[] {
  return Array.from({ length: count }, (_, n) => ({ put: { pk: 'a', sk: String(n) } }));
}

/** So many lists, each inside the other. */
function nested(levels: number): unknown {
  return levels === 0 ? 'core' : [nested(levels - 1)];
}
