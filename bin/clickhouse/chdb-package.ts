/**
 * chdb, the ClickHouse in a library: half a gigabyte that only `kalcifer clickhouse` needs, so it is installed when it is wanted,
 * into a folder of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { takeLock, type ProcessLock } from '../../lib/local/process-lock.ts';
import type { Chdb } from '../../lib/local/clickhouse/chdb-engine.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';

/** The release that is tested with; the peer dependency of package.json. */
const version = '3.4.0';

/** Where it is installed, in the folder that the command runs in. */
const folder = resolve('.kalcifer', 'chdb');

/** What npm writes when everything else is there: an installation that was interrupted has none. */
const complete = join(folder, 'node_modules', '.package-lock.json');

/** Where it is: in its own folder, or beside Kalcifer like any other package. */
function findChdb(): string | undefined {
  const own = existsSync(complete) ? [join(folder, 'package.json')] : [];
  for (const from of [...own, import.meta.url]) {
    try {
      return createRequire(from).resolve('chdb');
    } catch {
      // The other place may have it.
    }
  }
  return undefined;
}

/** @throws KalciferError `chdb.missing`, `chdb.unusable` */
export async function loadChdb(): Promise<Chdb> {
  const path = findChdb();
  if (path === undefined) {
    throw new KalciferError(
      'chdb.missing',
      `This needs chdb, a ClickHouse of 550 MB, which is not installed. Run "kalcifer clickhouse --install", or "npm install chdb@${version}".`,
    );
  }
  try {
    const module = (await import(pathToFileURL(path).href)) as Chdb & { readonly default?: Chdb };
    return module.default ?? module;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new KalciferError(
      'chdb.unusable',
      `chdb is installed, but cannot be used on this machine (${process.platform} ${process.arch}): ${words}`,
      { cause: error },
    );
  }
}

/**
 * Installs it when it is missing.
 *
 * @throws KalciferError `chdb.not_installed`
 */
export async function ensureChdb(say: (line: string) => void): Promise<void> {
  if (findChdb() !== undefined) return;
  mkdirSync(folder, { recursive: true });
  const lock = await waitForTurn(say);
  try {
    // Another process may have done it meanwhile.
    if (findChdb() === undefined) await install(say);
  } finally {
    lock.release();
  }
}

const pauseMs = 500;

async function waitForTurn(say: (line: string) => void): Promise<ProcessLock> {
  for (let pauses = 0; ; pauses += 1) {
    const lock = await takeLock(folder);
    if (!('lockedBy' in lock)) return lock;
    if (pauses === 0) say(`Process ${lock.lockedBy} is installing chdb; waiting for it ...`);
    await sleep(pauseMs);
  }
}

async function install(say: (line: string) => void): Promise<void> {
  say(`Installing chdb ${version} into ${folder} (550 MB, once) ...`);
  // Without a package of its own, npm would take the one that the folder lies in.
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const options = ['--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  const npm = spawn('npm', ['install', '--prefix', folder, ...options, `chdb@${version}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const code = await Promise.race([
    once(npm, 'close').then(([ended]: unknown[]) => ended),
    once(npm, 'error').then(([error]: unknown[]) => (error as Error).message),
  ]);
  if (code === 0 && findChdb() !== undefined) return;
  throw new KalciferError(
    'chdb.not_installed',
    `npm could not install chdb ${version} (${String(code)}); see the lines above. A ClickHouse server of your own does as well.`,
  );
}
