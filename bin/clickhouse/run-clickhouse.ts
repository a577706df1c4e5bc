/** What `kalcifer clickhouse` does: a ClickHouse on a folder of this machine, served as a ClickHouse server would, for one process. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chdbEngine } from '../../lib/local/clickhouse/chdb-engine.ts';
import { clickhouseProtocol } from '../../lib/local/clickhouse/clickhouse-protocol.ts';
import { serveHttp } from '../../lib/local/http-server.ts';
import { takeLock, type ProcessLock } from '../../lib/local/process-lock.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { interrupted } from '../terminal/interrupted.ts';
import { paint } from '../terminal/paint.ts';
import { ensureChdb, loadChdb } from './chdb-package.ts';

export interface ClickhouseOptions {
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  /** Never shown. */
  readonly password?: string;
  readonly install?: boolean;
  readonly installOnly?: boolean;
}

/** Statements and parameters may stand in the URL, which is part of the head of a request; ClickHouse itself takes as much. */
const headBytesMax = 1_048_576;

export async function runClickhouse(options: ClickhouseOptions): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (options.install === true || options.installOnly === true) await ensureChdb(say);
  if (options.installOnly === true) {
    say('chdb is installed.');
    return;
  }
  const chdb = await loadChdb();
  const folder = resolve(options.folder);
  const lock = await lockFolder(folder);
  try {
    const stop = interrupted();
    const engine = chdbEngine(chdb, join(folder, 'data'));
    const { user, password, port } = options;
    const protocol = clickhouseProtocol({
      engine,
      ...(password === undefined ? {} : { credentials: { user, password } }),
    });
    const server = await serveHttp(protocol, { host: '127.0.0.1', port, headBytesMax });
    say(`${paint('bold', 'ClickHouse')} on ${server.url}, data in ${folder}`);
    await stop;
    say('Stopping; everything is kept.');
    await server.close();
    await engine.close();
  } finally {
    lock.release();
  }
}

/** chdb has a lock of its own, but says of it only that something failed. */
async function lockFolder(folder: string): Promise<ProcessLock> {
  try {
    mkdirSync(folder, { recursive: true });
    const lock = await takeLock(folder);
    if (!('lockedBy' in lock)) return lock;
    throw new KalciferError(
      'clickhouse_folder.locked',
      `${folder} is in use by process ${lock.lockedBy}: one ClickHouse per folder. Stop it, or choose another --folder.`,
    );
  } catch (error) {
    if (error instanceof KalciferError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new KalciferError(
      'clickhouse_folder.unusable',
      `${folder} cannot be written (${code ?? 'unknown'}).`,
    );
  }
}
