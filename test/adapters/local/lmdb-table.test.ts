import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { createLmdbTable, type LmdbTableOptions } from '../../../lib/adapters/local/lmdb-table.ts';
import { compareWithModel, groupsTogether } from '../../contract/table-model.contract.ts';
import type { OpenedTable, TableSubject } from '../../contract/table-subject.ts';
import { tableContract } from '../../contract/table.contract.ts';

const home = mkdtempSync(join(tmpdir(), 'kalcifer-lmdb-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

type Pace = NonNullable<LmdbTableOptions['pace']>;

let opened = 0;
const folders = new WeakMap<OpenedTable, string>();

async function openIn(folder: string, pace?: Pace): Promise<OpenedTable> {
  const { table, close } = await createLmdbTable({
    folder,
    ...(pace === undefined ? {} : { pace }),
  });
  const each = { table, close };
  folders.set(each, folder);
  return each;
}

function subjectWith(pace?: Pace): TableSubject {
  return {
    open: () => openIn(join(home, String((opened += 1))), pace),
    reopen: (closed) => openIn(folders.get(closed) ?? '', pace),
  };
}

/** Everything is moved into the data file at once, again and again. */
const restless: Pace = { logBytes: 1, delayMs: 1 };
/** Nothing is moved before the table is closed. */
const lazy: Pace = { logBytes: 2 ** 30, delayMs: 2 ** 30 };

tableContract('the LMDB table', subjectWith());
tableContract('the LMDB table while its log is always being moved', subjectWith(restless));

for (const [name, pace] of Object.entries({ restless, lazy })) {
  test(`for every sequence of groups started together: they are judged in the order of the calls (${name})`, async () => {
    const scenario = `LMDB table judges in the order of the calls (${name})`;
    await compareWithModel(subjectWith(pace), groupsTogether, scenario);
  });
}
