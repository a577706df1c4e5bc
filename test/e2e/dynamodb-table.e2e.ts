/** The table contract on DynamoDB: the very same suite that the tables of one machine keep. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll } from 'vitest';
import { dynamodbTable } from '../../lib/adapters/aws/dynamodb-table.ts';
import type { OpenedTable } from '../contract/table-subject.ts';
import { tableContract } from '../contract/table.contract.ts';
import { createTable, deleteTable } from '../support/dynamodb-tables.ts';

const client = new DynamoDBClient({});
const names = new WeakMap<OpenedTable, string>();
const made: string[] = [];

afterAll(async () => {
  for (const name of made) await deleteTable(client, name);
  client.destroy();
});

function openTable(tableName: string): OpenedTable {
  const opened = { table: dynamodbTable({ tableName }), close: () => Promise.resolve() };
  names.set(opened, tableName);
  return opened;
}

tableContract('the DynamoDB table', {
  open: async () => {
    const name = `contract-${randomUUID()}`;
    await createTable(client, name);
    made.push(name);
    return openTable(name);
  },
  reopen: (closed) => Promise.resolve(openTable(names.get(closed) ?? '')),
});
