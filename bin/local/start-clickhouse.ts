/** Starts `kalcifer clickhouse` in the background: ClickHouse without a server to install. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import {
  findBackground,
  isRunning,
  startInBackground,
  stopBackground,
  tailOf,
} from './background.ts';
import type { LocalFolder } from './local-folder.ts';

export const clickhouseName = 'clickhouse';

/** The first start installs chdb, half a gigabyte. */
const patienceMs = 600_000;

/** Answers its URL. @throws KalciferError `local.clickhouse_failed` */
export async function startClickhouse(folder: LocalFolder, port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  if (findBackground(folder.state, clickhouseName) !== undefined) {
    if (await answers(url)) return url;
    // It serves another port, or has not come up: the folder is for one, and its rows are kept.
    await stopBackground(folder.state, clickhouseName);
  }
  if (await answers(url)) {
    throw new KalciferError(
      'local.port_taken',
      `Something answers at ${url} already. Choose another port: npm run local:up -- --clickhouse --clickhouse-port 8133`,
    );
  }
  const options = ['--folder', folder.clickhouse, '--port', String(port), '--install'];
  const server = startInBackground({
    name: clickhouseName,
    folder: folder.state,
    command: process.execPath,
    args: [...process.execArgv, process.argv[1] ?? '', 'clickhouse', ...options],
    environment: process.env,
  });
  const pauseMs = 200;
  for (let waited = 0; waited < patienceMs && isRunning(server); waited += pauseMs) {
    if (await answers(url)) return url;
    await sleep(pauseMs);
  }
  await stopBackground(folder.state, clickhouseName);
  throw new KalciferError(
    'local.clickhouse_failed',
    `ClickHouse did not come up at ${url}. The end of its log (${server.log}):\n${tailOf(server.log)}`,
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    const { status, body } = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(2_000) });
    await body?.cancel();
    return status === 200;
  } catch {
    return false;
  }
}
