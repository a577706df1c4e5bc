/** Functions end after a minute, the API after 29 seconds: whatever a function calls, it does not wait so long for an answer. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { apiGatewayKeys } from '../../../lib/adapters/aws/api-gateway-keys.ts';
import { dynamodbTable } from '../../../lib/adapters/aws/dynamodb-table.ts';
import { queuedStarts } from '../../../lib/adapters/aws/queued-starts.ts';
import { readSecretValue } from '../../../lib/adapters/aws/secret-value.ts';
import { sqsDeadLetters } from '../../../lib/adapters/aws/sqs-dead-letters.ts';
import { sqsHistorySink } from '../../../lib/adapters/aws/sqs-history-sink.ts';
import { stepFunctionsExecutions } from '../../../lib/adapters/aws/step-functions-executions.ts';
import { stepFunctionsMachines } from '../../../lib/adapters/aws/step-functions-machines.ts';
import type { Executions } from '../../../lib/ports/executions.ts';
import { aHistoryRow } from '../../support/history-rows.ts';
import { fakeEndpoint, type FakeEndpoint } from './fake-endpoint.ts';

const machine = { tenant: 'T1', journey: 'welcome', version: 1 };
const start = { machine, name: 'i1-1', input: {} };

const waitedMsMax = 29_000;
const stepMs = 500;

let silent: FakeEndpoint;

beforeEach(async () => {
  silent = await fakeEndpoint('silence');
  vi.stubEnv('AWS_ENDPOINT_URL', silent.url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });
});

function executions(): Executions {
  return stepFunctionsExecutions({
    machineArnOf: () =>
      Promise.resolve('arn:aws:states:eu-central-1:123456789012:stateMachine:welcome-v1'),
  });
}

const calls: readonly (readonly [string, () => Promise<unknown>, string])[] = [
  [
    'the table',
    () => dynamodbTable({ tableName: 't' }).get({ pk: 'a', sk: 'b' }),
    'table.unavailable',
  ],
  ['a start', () => executions().start(start), 'executions.unavailable'],
  ['an answer', () => executions().succeed({ token: 't', output: {} }), 'executions.unavailable'],
  [
    'the entry queue',
    () =>
      queuedStarts({ queueUrl: `${silent.url}/entries`, executions: executions() }).start(start),
    'executions.unavailable',
  ],
  [
    'a machine',
    () =>
      stepFunctionsMachines({ prefix: 'k-', roleArn: 'r', functionArns: {} }).create({
        machine,
        definition: {},
      }),
    'executions.unavailable',
  ],
  [
    'the history queue',
    () => sqsHistorySink({ queueUrl: `${silent.url}/history` }).record([aHistoryRow()]),
    'history.unavailable',
  ],
  [
    'dead letters',
    () => sqsDeadLetters({ queueUrl: `${silent.url}/dead` }).put([{ body: 'b', why: 'w' }]),
    'dead_letters.unavailable',
  ],
  ['a secret', () => readSecretValue({ id: 's' }), 'secret.unavailable'],
  ['an API key', () => apiGatewayKeys().valueOf('k'), 'ETIMEDOUT'],
];

it.each(calls)('%s that is silent is given up in time', async (_what, call, code) => {
  let outcome: unknown = 'still waiting';
  void call().then(
    () => (outcome = 'answered'),
    (error: unknown) => (outcome = error),
  );
  while (silent.requests.length === 0) await nextTurn();
  for (let ms = 0; ms < waitedMsMax && outcome === 'still waiting'; ms += stepMs) {
    await vi.advanceTimersByTimeAsync(stepMs);
    await nextTurn();
  }
  expect(outcome).toMatchObject({ code });
});
