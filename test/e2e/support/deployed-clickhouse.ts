/**
 * A ClickHouse that the functions of a deployment reach, and that can be taken away. MiniStack runs functions on this machine, and a
 * process beside them will do. LocalStack runs them in containers, which reach no process of this machine, so that it is the
 * container of the compose file there, with a database of the test's own.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { connectClickhouse, type Clickhouse } from '../../../lib/analytics/clickhouse.ts';
import { startClickhouse } from '../../support/clickhouse-process.ts';
import type { OpenedEmulator } from './emulator.ts';

export interface DeployedClickhouse {
  /** What the deployment is told of it. */
  readonly context: readonly string[];
  readonly clickhouse: Clickhouse;
  /** At once, as in a power cut. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export function openClickhouse({ kind, folder }: OpenedEmulator): Promise<DeployedClickhouse> {
  return kind === 'localstack' ? inContainer() : asProcess(folder.clickhouse);
}

async function asProcess(folder: string): Promise<DeployedClickhouse> {
  let server = await startClickhouse(folder);
  const { url } = server;
  const clickhouse = connectClickhouse({ url });
  return {
    context: [`clickhouseUrl=${url}`],
    clickhouse,
    goAway: () => server.end('SIGKILL'),
    comeBack: async () => {
      server = await startClickhouse(folder, { port: Number(new URL(url).port) });
    },
    close: async () => {
      await clickhouse.client.close();
      await server.end('SIGTERM');
    },
  };
}

async function inContainer(): Promise<DeployedClickhouse> {
  const start = (): Promise<void> => compose('up', '--detach', '--wait', 'clickhouse');
  await start();
  const port = process.env['KALCIFER_CLICKHOUSE_PORT'] ?? '8123';
  const database = `kalcifer_${randomUUID().slice(0, 8)}`;
  const clickhouse = connectClickhouse({ url: `http://127.0.0.1:${port}`, database });
  return {
    context: ['clickhouseUrl=http://clickhouse:8123', `clickhouseDatabase=${database}`],
    clickhouse,
    goAway: () => compose('kill', 'clickhouse'),
    comeBack: start,
    close: async () => {
      await start();
      await clickhouse.client.command({ query: `DROP DATABASE IF EXISTS ${database}` });
      await clickhouse.client.close();
    },
  };
}

async function compose(...args: readonly string[]): Promise<void> {
  const file = 'docker-compose.localstack.yml';
  await promisify(execFile)('docker', ['compose', '--file', file, ...args]);
}
