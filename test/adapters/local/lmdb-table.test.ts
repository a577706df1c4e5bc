import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';
import { compareWithModel, groupsTogether } from '../../contract/table-model.contract.ts';
import type { OpenedTable, TableSubject } from '../../contract/table-subject.ts';
import { tableContract } from '../../contract/table.contract.ts';

const home = mkdtempSync(join(tmpdir(), 'kalcifer-lmdb-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

let opened = 0;
const folders = new WeakMap<OpenedTable, string>();

function openIn(folder: string): Promise<OpenedTable> {
  const { table, close } = createLmdbTable({ folder });
  const each = { table, close };
  folders.set(each, folder);
  return Promise.resolve(each);
}

const subject: TableSubject = {
  open: () => openIn(join(home, String((opened += 1)))),
  reopen: (closed) => openIn(folders.get(closed) ?? ''),
};

tableContract('the LMDB table', subject);

test('for every sequence of groups started together: they are judged in the order of the calls', async () => {
  await compareWithModel(subject, groupsTogether, 'LMDB table judges in the order of the calls');
}, 120_000);
