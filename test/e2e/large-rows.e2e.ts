/** What the engine keeps fits the rows of DynamoDB, which hold 400 KB: the engine and the API as they are, on a table there. */
import { createHash, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamodbTable } from '../../lib/adapters/aws/dynamodb-table.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { createTable, deleteTable } from '../support/dynamodb-tables.ts';
import { drawGraph, type DrawnJson } from '../support/graphs.ts';

const client = new DynamoDBClient({});
const tableName = `large-rows-${randomUUID()}`;
let h: ApiHarness;

beforeAll(async () => {
  await createTable(client, tableName);
  h = await apiHarness(undefined, dynamodbTable({ tableName, client }));
});

afterAll(async () => {
  await deleteTable(client, tableName);
  client.destroy();
});

/** Who has no plan leaves at once; all others go through a row of `count` mails, half a day apart. */
function longSeries(count: number, body: (n: number) => string): DrawnJson {
  const mails = Array.from({ length: count }, (_, n) => `mail_${n}`);
  return drawGraph(
    {
      in: ['event_entry', { event_type: 'signed_up' }],
      plan: ['condition', { field: 'context.plan', op: 'exists' }],
      ...Object.fromEntries(
        mails.flatMap((id, n) => [
          [id, ['send_email', { subject: `Mail ${n}`, body: body(n) }] as const],
          [`wait_${n}`, ['wait', { duration: '12h' }] as const],
        ]),
      ),
      out: ['exit'],
    },
    [
      'in -> plan',
      'plan -> mail_0 [true]',
      'plan -> out [false]',
      ...mails.flatMap((id, n) => [`${id} -> wait_${n}`, `wait_${n} -> ${mails[n + 1] ?? 'out'}`]),
    ],
  );
}

const words = (n: number): string =>
  `<p>Dear {{ customer.name }},</p><p>this is mail ${n}.</p>${'<td class="spacer">&nbsp;</td>'.repeat(50)}`;

function chance(seed: string, bytes: number): string {
  let text = '';
  for (let n = 0; text.length < bytes; n += 1) {
    text += createHash('sha512').update(`${seed}${n}`).digest('base64');
  }
  return text.slice(0, bytes);
}

async function enrol(journey: string, customer: string, context: object): Promise<string> {
  const path = `/v1/journeys/${journey}/instances`;
  const answer = await h.call('POST', path, { customer_id: customer, context });
  expect(answer.status).toBe(201);
  await h.settle();
  return answer.body.instance as string;
}

test('a journey of 500 nodes is published, with a state machine larger than a row, and runs', async () => {
  const graph = longSeries(248, words);
  expect(graph.nodes).toHaveLength(499);
  const published = await h.call('POST', '/v1/journeys/long/publish', { graph });
  expect(published).toMatchObject({ status: 201, body: { version: 1 } });
  const { body: version } = await h.call('GET', '/v1/journeys/long/versions/1');
  expect(version.graph).toEqual(graph);
  const { body: machine } = await h.call('GET', '/v1/journeys/long/versions/1/state-machine');
  expect(JSON.stringify(machine).length).toBeGreaterThan(400 * 1_024);

  const short = await enrol('long', 'c1', {});
  expect((await h.call('GET', `/v1/instances/${short}`)).body.status).toBe('completed');
  const long = await enrol('long', 'c2', { plan: 'pro' });
  expect((await h.call('GET', `/v1/instances/${long}`)).body.status).toBe('waiting');
});

test('an instance carries 128 KiB without any pattern from node to node', async () => {
  const graph = longSeries(1, words);
  await h.call('POST', '/v1/journeys/carry/publish', { graph });
  const context = { plan: chance('plan', 128 * 1_024 - 40) };
  const instance = await enrol('carry', 'c1', context);
  expect((await h.call('GET', `/v1/instances/${instance}`)).body.status).toBe('waiting');
});

test('a graph that no row can take is refused, and the journey stays as it was', async () => {
  const pictures = longSeries(
    10,
    (n) => `<img src="data:image/png;base64,${chance(String(n), 95_000)}">`,
  );
  const answer = await h.call('POST', '/v1/journeys/long/publish', { graph: pictures });
  expect(answer).toMatchObject({ status: 413, body: { error: { code: 'journey.too_large' } } });
  const { body } = await h.call('GET', '/v1/journeys/long');
  expect(body).toMatchObject({ status: 'active', active_version: 1 });
});
