/** The units that `npm run count:table` prints are the ones that DynamoDB counts: for every kind of write, both are asked. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, type ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamodbTable } from '../../lib/adapters/aws/dynamodb-table.ts';
import type { Item, Write } from '../../lib/ports/table.ts';
import { countCalls } from '../../load/counted-table.ts';
import { createTable, deleteTable } from '../support/dynamodb-tables.ts';

const client = new DynamoDBClient({});
const tableName = `units-${randomUUID()}`;
let consumed = 0;

beforeAll(async () => {
  await createTable(client, tableName);
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const isWrite = commandName !== 'GetItemCommand';
        if (isWrite) Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const answer = await next(args);
        const { ConsumedCapacity: told } = answer.output as {
          ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
        };
        for (const { CapacityUnits = 0 } of told === undefined ? [] : [told].flat()) {
          if (isWrite) consumed += CapacityUnits;
        }
        return answer;
      },
    { step: 'initialize' },
  );
});

afterAll(async () => {
  await deleteTable(client, tableName);
  client.destroy();
});

const a = { pk: 'a', sk: '1' };
const b = { pk: 'b', sk: '1' };
const numbers = [0, 7, -7, 10, 99, 100, 1e21, -1.5, 0.001, 123_456_789.123, 1e300, 38.25];
const kilobyte = (times: number): string => 'x'.repeat(1_000 * times);

const groups: readonly (readonly [string, ...Write[]])[] = [
  ['a small item', { put: a }],
  ['the same in another size', { put: { ...a, text: kilobyte(3) } }],
  ['a smaller one in its place', { put: a }],
  ['nothing', { delete: b }],
  ['an item with an index value', { put: { ...a, index: 'red', text: kilobyte(2) } }],
  ['the same item again', { put: { ...a, index: 'red', text: kilobyte(2) } }],
  ['another text', { put: { ...a, index: 'red', text: kilobyte(1) } }],
  ['another index value', { put: { ...a, index: 'blue', text: kilobyte(1) } }],
  ['the end of it', { delete: a }],
  ['two in a transaction', { put: { ...a, text: kilobyte(1) } }, { put: { ...b, index: 'red' } }],
  ['a check of a large item', { check: a, if: 'present' }, { delete: b }],
  ['a packed value', { put: { ...a, text: kilobyte(50) } }],
  ...Array.from({ length: 40 }, (_, at): [string, Write] => {
    const item: Item = {
      ...b,
      numbers: Array.from({ length: 60 }, (_each, n) => numbers[(n * 7 + at) % 12] ?? 0),
      values: [true, false, null, '', {}, [], { nested: [[{ a: 'é' }]] }],
      // Around the edge of a kilobyte, where one byte makes a unit.
      text: 'x'.repeat(500 + at * 5),
    };
    return [`an item at the edge (${at})`, { put: item }];
  }),
];

test('for every kind of write: the units are the same', async () => {
  const counter = countCalls(dynamodbTable({ tableName, client }));
  const counted: Record<string, number | undefined> = {};
  const expected: Record<string, number | undefined> = {};
  for (const [name, ...writes] of groups) {
    consumed = 0;
    await counter.countAs(name, () => counter.table.write({ name: 'units.write', writes }));
    counted[name] = counter.calls.get(name)?.writeUnits;
    expected[name] = consumed;
  }
  expect(counted).toEqual(expected);
  expect(new Set(Object.values(counted)).size).toBeGreaterThan(4);
  const atTheEdge = Object.entries(counted).filter(([name]) => name.startsWith('an item at'));
  expect(new Set(atTheEdge.map(([, units]) => units))).toEqual(new Set([1, 2]));
});
