/** How the contract suite gets its tables, and small ways of writing to them. */
import { expect, test } from 'vitest';
import type { Item, Key, Table, Write, WriteAnswer } from '../../lib/ports/table.ts';

export interface OpenedTable {
  readonly table: Table;
  readonly close: () => Promise<void>;
}

export interface TableSubject {
  /** An empty table of its own for each call. */
  open(): Promise<OpenedTable>;
  /** Opens again, as another process would, what a closed table holds; absent when it lives in memory only. */
  reopen?(closed: OpenedTable): Promise<OpenedTable>;
}

/** A test with a fresh table, closed afterwards. */
export function testTable(
  subject: TableSubject,
  name: string,
  body: (table: Table) => Promise<void>,
): void {
  test(name, async () => {
    const opened = await subject.open();
    try {
      await body(opened.table);
    } finally {
      await opened.close();
    }
  });
}

export function write(table: Table, ...writes: readonly Write[]): Promise<WriteAnswer> {
  return table.write({ name: 'contract.write', writes });
}

export async function put(table: Table, ...items: readonly Item[]): Promise<void> {
  for (const item of items) expect(await write(table, { put: item })).toEqual({ done: true });
}

export async function remove(table: Table, ...keys: readonly Key[]): Promise<void> {
  for (const key of keys) expect(await write(table, { delete: key })).toEqual({ done: true });
}

/** Asks again until the answer is the expected one: an index may follow its table by a second. */
export async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  await expect.poll(ask, { timeout: 10_000, interval: 50 }).toEqual(expected);
}
