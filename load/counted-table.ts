/** Counts the calls of a table, and what they would cost on DynamoDB, by whoever makes them. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Item, Key, Table, Write, WriteGroup } from '../lib/ports/table.ts';
import { indexReadUnits, readUnits, writeUnits, type Written } from './table-units.ts';

export interface Calls {
  gets: number;
  queries: number;
  /** Groups of one write. */
  single: number;
  /** Groups of several, and the writes in them. */
  transactions: number;
  inTransactions: number;
  readUnits: number;
  writeUnits: number;
}

export interface CallCounter {
  readonly table: Table;
  /** Everything that the work asks of the table, also later, is counted under this name. */
  readonly countAs: <T>(name: string, work: () => T) => T;
  /** By name, in the order of first calls. */
  readonly calls: ReadonlyMap<string, Calls>;
}

export function countCalls(table: Table): CallCounter {
  const scope = new AsyncLocalStorage<string>();
  const calls = new Map<string, Calls>();
  const add = (counted: Partial<Calls>): void => {
    const name = scope.getStore();
    if (name === undefined) return;
    const total = calls.get(name) ?? noCalls();
    calls.set(name, addCalls(total, { ...noCalls(), ...counted }));
  };
  return {
    calls,
    countAs: (name, work) => scope.run(name, work),
    table: {
      get: async (key) => {
        const item = await table.get(key);
        add({ gets: 1, readUnits: readUnits(item === undefined ? [] : [item]) });
        return item;
      },
      query: async (query) => {
        const page = await table.query(query);
        add({ queries: 1, readUnits: readUnits(page.items) });
        return page;
      },
      queryIndex: async (query) => {
        const page = await table.queryIndex(query);
        add({ queries: 1, readUnits: indexReadUnits(page.items) });
        return page;
      },
      write: async (group) => {
        const counted = countGroup(group, await Promise.all(group.writes.map(stored(table))));
        const answer = await table.write(group);
        add(counted);
        return answer;
      },
    },
  };
}

export function noCalls(): Calls {
  return {
    gets: 0,
    queries: 0,
    single: 0,
    transactions: 0,
    inTransactions: 0,
    readUnits: 0,
    writeUnits: 0,
  };
}

export function addCalls(one: Calls, other: Calls): Calls {
  const names = Object.keys(one) as (keyof Calls)[];
  return Object.fromEntries(
    names.map((name) => [name, one[name] + other[name]]),
  ) as unknown as Calls;
}

/** A check alone is a read. */
function countGroup({ writes }: WriteGroup, before: readonly (Item | undefined)[]): Partial<Calls> {
  const [only] = writes;
  if (writes.length === 1 && only !== undefined && 'check' in only) {
    const [item] = before;
    return { gets: 1, readUnits: readUnits(item === undefined ? [] : [item]) };
  }
  const inTransaction = writes.length > 1;
  const units = writes.map((write, at) => writeUnits(change(write, before[at]), inTransaction));
  return {
    ...(inTransaction ? { transactions: 1, inTransactions: writes.length } : { single: 1 }),
    writeUnits: units.reduce((total, each) => total + each, 0),
  };
}

function change(write: Write, before: Item | undefined): Written {
  if ('put' in write) return { before, after: write.put };
  return { before, after: 'delete' in write ? undefined : before };
}

function stored(table: Table): (write: Write) => Promise<Item | undefined> {
  return (write) => {
    const { pk, sk }: Key =
      'put' in write ? write.put : 'delete' in write ? write.delete : write.check;
    return table.get({ pk, sk });
  };
}
