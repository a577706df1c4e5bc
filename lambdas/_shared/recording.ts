/** Where history goes: ClickHouse, and the queue of what ClickHouse never takes. This is a composition root: it names the adapters. */
import { queueAgain } from '../../lib/adapters/aws/queue-again.ts';
import { readSecretValue } from '../../lib/adapters/aws/secret-value.ts';
import { sqsDeadLetters } from '../../lib/adapters/aws/sqs-dead-letters.ts';
import { connectClickhouse } from '../../lib/analytics/clickhouse.ts';
import { historyWriter } from '../../lib/analytics/history-writer.ts';
import type { Recording } from '../../lib/analytics/record-messages.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { findSetting, readSetting } from './read-setting.ts';

/** Opened anew after `close`, with the password as it is by then. */
export interface OpenRecording extends Recording {
  close(): Promise<void>;
}

/** @throws KalciferError `secret.unavailable`, `secret.refused`, `clickhouse.credentials`, `clickhouse.url`, `clickhouse.database` */
export async function openRecording(readSecret = readSecretValue): Promise<OpenRecording> {
  const database = findSetting('clickhouseDatabase');
  const secret = findSetting('clickhouseSecret');
  const clickhouse = connectClickhouse({
    url: readSetting('clickhouseUrl'),
    timeoutMs: insertTimeoutMs,
    ...(database === undefined ? {} : { database }),
    ...(secret === undefined ? {} : credentialsIn(await readSecret({ id: secret }))),
  });
  const queueUrl = readSetting('historyDeadLetterQueue');
  return {
    writer: historyWriter(clickhouse),
    deadLetters: sqsDeadLetters({ queueUrl }),
    close: () => clickhouse.client.close(),
  };
}

/** Puts messages of the history queue into it once more: one that is there twice counts once. */
export function historyAgain(): (bodies: readonly string[]) => Promise<void> {
  let made: ReturnType<typeof queueAgain> | undefined;
  return (bodies) => {
    made ??= queueAgain({ queueUrl: readSetting('historyQueue') });
    return made(bodies);
  };
}

/** Within the time that the function has, with room for a second attempt at the tables. */
const insertTimeoutMs = 20_000;

/** @throws KalciferError `clickhouse.credentials` */
function credentialsIn(secret: string): { username: string; password: string } {
  try {
    const { username, password } = JSON.parse(secret) as Record<string, unknown>;
    if (typeof username === 'string' && typeof password === 'string') return { username, password };
  } catch {
    // Told below, without the secret.
  }
  throw new KalciferError(
    'clickhouse.credentials',
    'The secret of ClickHouse must be JSON: { "username": "...", "password": "..." }.',
  );
}
