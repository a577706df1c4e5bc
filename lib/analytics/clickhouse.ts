/**
 * The connection to ClickHouse: a server, ClickHouse Cloud or `kalcifer clickhouse`, all through the same client. It never logs:
 * what ClickHouse says of a refused row repeats the row.
 */
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { KalciferError } from '../kalcifer-error.ts';

export interface Clickhouse {
  readonly client: ClickHouseClient;
  /** Where our tables are. Statements name it; it need not exist when the connection is made. */
  readonly database: string;
}

export interface ClickhouseOptions {
  /** `http(s)://host:port` */
  readonly url: string;
  /** Default `kalcifer`. */
  readonly database?: string;
  readonly username?: string;
  readonly password?: string;
  /** How long one call may take; default 30 seconds. */
  readonly timeoutMs?: number;
}

/** @throws KalciferError `clickhouse.url`, `clickhouse.database` */
export function connectClickhouse(options: ClickhouseOptions): Clickhouse {
  const { url, database = 'kalcifer', username, password, timeoutMs = 30_000 } = options;
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new KalciferError(
      'clickhouse.url',
      'The address of ClickHouse must be a URL such as https://host:8443.',
    );
  }
  if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
    throw new KalciferError(
      'clickhouse.database',
      `The name of the database must be letters, digits and "_", and not begin with a digit: "${database}".`,
    );
  }
  const client = createClient({
    url,
    application: 'kalcifer',
    request_timeout: timeoutMs,
    compression: { request: true, response: true },
    log: { level: ClickHouseLogLevel.OFF },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  return { client, database };
}
