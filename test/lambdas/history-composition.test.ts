import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { forwarding } from '../../lambdas/_shared/forwarding.ts';
import { historyAgain, openRecording } from '../../lambdas/_shared/recording.ts';
import { rowChangeOf } from '../../lambdas/_shared/row-change.ts';
import { toStoredItem } from '../../lib/adapters/aws/dynamodb/stored-item.ts';
import { setting } from '../../lib/deployment.ts';
import { clickhouseProtocol } from '../../lib/local/clickhouse/clickhouse-protocol.ts';
import { serveHttp } from '../../lib/local/http-server.ts';
import { fakeEngine, type FakeEngine } from '../support/fake-clickhouse.ts';
import { aHistoryRow } from '../support/history-rows.ts';

beforeEach(() => {
  process.env['AWS_REGION'] = 'eu-west-1';
});

afterEach(() => {
  for (const name of Object.values(setting)) Reflect.deleteProperty(process.env, name);
});

function set(settings: Partial<Record<keyof typeof setting, string>>): void {
  for (const [name, value] of Object.entries(settings)) {
    process.env[setting[name as keyof typeof setting]] = value;
  }
}

/** A ClickHouse that lets nobody in but `writer`. */
async function closedClickhouse(): Promise<{ url: string; engine: FakeEngine }> {
  const engine = fakeEngine();
  const credentials = { user: 'writer', password: 's3cret' };
  const protocol = clickhouseProtocol({ engine, credentials });
  const server = await serveHttp(protocol, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { url: server.url, engine };
}

const queues = { historyDeadLetterQueue: 'https://sqs/dead', historyQueue: 'https://sqs/history' };

describe('the recording of a deployment', () => {
  it('goes to the ClickHouse and the database of its settings, with the password of its secret', async () => {
    const { url, engine } = await closedClickhouse();
    set({ ...queues, clickhouseUrl: url, clickhouseDatabase: 'mine', clickhouseSecret: 'arn:1' });
    const asked: string[] = [];
    const recording = await openRecording(({ id }) => {
      asked.push(id);
      return Promise.resolve('{"username":"writer","password":"s3cret"}');
    });
    expect(await recording.writer.write([aHistoryRow()])).toEqual([]);
    await recording.close();
    expect(asked).toEqual(['arn:1']);
    expect(engine.asked.at(-1)?.statement).toMatch(/^INSERT INTO `mine`.history /);
  });

  it('shows no password when there is no secret', async () => {
    const { url } = await closedClickhouse();
    set({ ...queues, clickhouseUrl: url });
    const recording = await openRecording(() => Promise.reject(new Error('not asked')));
    await expect(recording.writer.write([aHistoryRow()])).rejects.toThrow('AUTHENTICATION_FAILED');
    await recording.close();
  });

  it.each(['s3cret', '{"user":"writer","password":"s3cret"}', 'null', '{"username":1}'])(
    'refuses a secret of another form without repeating it: %s',
    async (secret) => {
      set({ ...queues, clickhouseUrl: 'http://clickhouse', clickhouseSecret: 'arn:1' });
      const opening = openRecording(() => Promise.resolve(secret));
      await expect(opening).rejects.toMatchObject({ code: 'clickhouse.credentials' });
      await expect(opening).rejects.not.toThrow('s3cret');
    },
  );

  it('names the setting that is missing', async () => {
    await expect(openRecording()).rejects.toThrow('KALCIFER_CLICKHOUSE_URL');
  });
});

describe('messages that begin anew', () => {
  it('name the setting that is missing', () => {
    expect(() => historyAgain()([])).toThrow('KALCIFER_HISTORY_QUEUE');
  });
});

describe('the forwarding of a deployment', () => {
  it('is made once, and names the setting that is missing', () => {
    const make = forwarding();
    expect(make).toThrow('KALCIFER_TABLE');
    set({ ...queues, table: 'kalcifer' });
    expect(make()).toBe(make());
  });
});

describe('rowChangeOf', () => {
  const row = { pk: 'T1#i#i1', sk: 'i', status: 'running' };

  it('reads both images', () => {
    const NewImage = toStoredItem(row);
    expect(rowChangeOf({ NewImage })).toEqual({ after: row });
    expect(rowChangeOf({ OldImage: NewImage })).toEqual({ before: row });
    expect(rowChangeOf({})).toEqual({});
  });

  it.each([{}, { pk: { S: 'a' } }, { pk: { S: 'a' }, sk: null }, { pk: 'a', sk: { L: 7 } }])(
    'makes nothing of %j',
    (NewImage) => {
      expect(rowChangeOf({ NewImage })).toBeUndefined();
    },
  );
});
