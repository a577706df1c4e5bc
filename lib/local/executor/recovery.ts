/** Finds what a process before this one left running: only that is read, however many executions are parked. */
import type { Key, Table } from '../../ports/table.ts';
import type { ExecutionKey } from './execution-key.ts';
import { runningIndex } from './execution-key.ts';

const pageSize = 500;

/** The executions that had a function running when they were last stored, page by page. */
export async function* runningKeys(table: Table): AsyncGenerator<readonly ExecutionKey[]> {
  let after: Key | undefined;
  for (;;) {
    const page = await table.queryIndex({
      index: runningIndex,
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    yield page.items.map(({ pk }) => pk);
    const last = page.items.at(-1);
    if (!page.more || last === undefined) return;
    after = { pk: last.pk, sk: last.sk };
  }
}
