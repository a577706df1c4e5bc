/**
 * Pages of items. DynamoDB ends a page after 1 MB, and says that more may remain whenever it stopped at the limit: so it is asked
 * until the page is full, and for one item more than the page takes.
 */
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { IndexQuery, Item, Page, PartitionQuery } from '../../../ports/table.ts';
import { tableShape } from '../../../table-shape.ts';
import { indexOrder } from './index-order.ts';
import type { OpenTable } from './open-table.ts';
import { sortKeyRange, type SortKeyRange } from './sort-key-range.ts';
import { fromStoredItem } from './stored-item.ts';
import { toStoredFields, type Attributes } from './stored-value.ts';

export async function queryPartition(open: OpenTable, query: PartitionQuery): Promise<Page> {
  const { pk, limit, backward = false } = query;
  const range = sortKeyRange(query);
  if (range === undefined) return { items: [], more: false };
  const { condition, texts } = inRange(range);
  // BETWEEN includes its end, which our range does not; read backward, it comes first and takes a place.
  const endFirst = range.from !== undefined && range.to !== undefined && backward;
  const request: QueryRequest = {
    KeyConditionExpression: `#pk = :pk${condition}`,
    ExpressionAttributeNames: {
      '#pk': tableShape.partitionKey,
      ...(condition === '' ? {} : { '#sk': tableShape.sortKey }),
    },
    ExpressionAttributeValues: toStoredFields({ ':pk': pk, ...texts }),
    ConsistentRead: true,
    ScanIndexForward: !backward,
  };
  return readPage(open, { request, limit, spare: endFirst ? 1 : 0 }, ({ sk }) => sk !== range.to);
}

export async function queryIndex(open: OpenTable, query: IndexQuery): Promise<Page> {
  const { index, after, limit, backward = false } = query;
  const { name, partitionKey, sortKey } = tableShape.index;
  const beyond = ` AND #order ${backward ? '<' : '>'} :after`;
  const request: QueryRequest = {
    IndexName: name,
    KeyConditionExpression: `#index = :index${after === undefined ? '' : beyond}`,
    ExpressionAttributeNames: {
      '#index': partitionKey,
      ...(after === undefined ? {} : { '#order': sortKey }),
    },
    ExpressionAttributeValues: {
      ':index': { S: index },
      ...(after === undefined ? {} : { ':after': { B: indexOrder(after) } }),
    },
    ScanIndexForward: !backward,
  };
  return readPage(open, { request, limit, spare: 0 }, () => true);
}

type QueryRequest = Omit<QueryCommandInput, 'TableName' | 'Limit' | 'ExclusiveStartKey'>;

function inRange({ from, to }: SortKeyRange): {
  readonly condition: string;
  readonly texts: Record<string, string>;
} {
  if (from !== undefined && to !== undefined) {
    return {
      condition: ' AND #sk BETWEEN :from AND :to',
      texts: { ':from': from, ':to': to },
    };
  }
  if (from !== undefined) return { condition: ' AND #sk >= :from', texts: { ':from': from } };
  if (to !== undefined) return { condition: ' AND #sk < :to', texts: { ':to': to } };
  return { condition: '', texts: {} };
}

async function readPage(
  { client, tableName }: OpenTable,
  asked: { readonly request: QueryRequest; readonly limit: number; readonly spare: number },
  isAsked: (item: Item) => boolean,
): Promise<Page> {
  const { request, limit, spare } = asked;
  const items: Item[] = [];
  let reached: Attributes | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        ...request,
        TableName: tableName,
        Limit: limit + 1 + spare - items.length,
        ExclusiveStartKey: reached,
      }),
    );
    items.push(...(answer.Items ?? []).map(fromStoredItem).filter(isAsked));
    reached = answer.LastEvaluatedKey;
  } while (reached !== undefined && items.length <= limit);
  return { items: items.slice(0, limit), more: items.length > limit };
}
