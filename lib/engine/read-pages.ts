/** Reads whole partitions and index values, page by page. */
import type { IndexQuery, Item, PartitionQuery, Table } from '../ports/table.ts';

const pageItems = 1000;

export async function* readPartition(
  table: Table,
  query: Omit<PartitionQuery, 'limit'>,
): AsyncGenerator<Item> {
  let after = query.after;
  for (;;) {
    const page = await table.query({
      ...query,
      limit: pageItems,
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    const last = page.items.at(-1);
    if (!page.more || last === undefined) return;
    after = last.sk;
  }
}

export async function* readIndex(
  table: Table,
  query: Omit<IndexQuery, 'limit'>,
): AsyncGenerator<Item> {
  let after = query.after;
  for (;;) {
    const page = await table.queryIndex({
      ...query,
      limit: pageItems,
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    const last = page.items.at(-1);
    if (!page.more || last === undefined) return;
    after = { pk: last.pk, sk: last.sk };
  }
}
