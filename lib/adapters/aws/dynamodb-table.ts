/**
 * The table on DynamoDB: one table of the shape of `lib/table-shape.ts`, on demand, for all tenants.
 *
 * A group of one write is one conditional PutItem or DeleteItem, which DynamoDB does at once and for half the price; several are one
 * TransactWriteItems. Reads are strongly consistent, except those of the index, which DynamoDB has not.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../ports/table.ts';
import {
  checkGroup,
  checkIndexQuery,
  checkKey,
  checkPartitionQuery,
} from '../table/check-table-call.ts';
import { getItem } from './dynamodb/get-item.ts';
import type { OpenTable } from './dynamodb/open-table.ts';
import { queryIndex, queryPartition } from './dynamodb/query-pages.ts';
import { tableFailure } from './dynamodb/table-failure.ts';
import { writeGroup } from './dynamodb/write-group.ts';
import { patience } from './patience.ts';

export interface DynamodbTableOptions {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  /** Names a call, so that DynamoDB does it once however often it is sent. Unique, and spread evenly. */
  readonly newToken?: () => string;
  readonly pause?: (ms: number) => Promise<unknown>;
}

export function dynamodbTable({
  tableName,
  client = new DynamoDBClient(patience),
  newToken = randomUUID,
  pause = sleep,
}: DynamodbTableOptions): Table {
  const open: OpenTable = { client, tableName, newToken, pause };
  return {
    get: (key) =>
      answer('get', () => {
        checkKey(key);
        return getItem(open, key);
      }),
    query: (query) =>
      answer('query', () => {
        checkPartitionQuery(query);
        return queryPartition(open, query);
      }),
    queryIndex: (query) =>
      answer('index query', () => {
        checkIndexQuery(query);
        return queryIndex(open, query);
      }),
    write: (group) =>
      answer(group.name, () => {
        checkGroup(group);
        return writeGroup(open, group);
      }),
  };
}

/** Begins at once; a call that is refused or fails rejects in the port's words, it never throws. */
async function answer<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw tableFailure(call, error);
  }
}
