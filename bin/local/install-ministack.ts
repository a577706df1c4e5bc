/**
 * Installs MiniStack into a Python environment of its own, once: as published, each package in one version, checked against the
 * hash that is kept here. Nothing else on the machine is touched.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { processExists } from '../../lib/local/process-exists.ts';
import { packageFolder } from '../../lib/release.ts';
import { findPython } from './find-python.ts';

const requirements = join(packageFolder, 'bin/local/ministack-requirements.txt');

export const ministackVersion =
  /^ministack==(\S+)/m.exec(readFileSync(requirements, 'utf8'))?.[1] ?? '';

/** The environment's Python. */
export function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

export function isInstalled(environment: string): boolean {
  return existsSync(pythonIn(environment)) && readStamp(environment) === stamp();
}

/** @throws KalciferError `local.no_python`, `local.install_failed` */
export async function installMinistack(environment: string): Promise<void> {
  if (isInstalled(environment)) return;
  const python = findPython();
  // Made beside and then moved: whoever is interrupted leaves nothing half made, and two at once do not meet.
  const fresh = `${environment}.${process.pid}`;
  mkdirSync(dirname(environment), { recursive: true });
  removeHalfMade(environment);
  try {
    await run(python, ['-m', 'venv', fresh]);
    await run(pythonIn(fresh), [
      ...['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--requirement', requirements],
      ...['--quiet', '--no-input', '--disable-pip-version-check'],
    ]);
    writeFileSync(stampFile(fresh), stamp());
    if (isInstalled(environment)) return;
    rmSync(environment, { recursive: true, force: true });
    renameSync(fresh, environment);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What installations have left that were killed. */
export function removeHalfMade(environment: string): void {
  const folder = dirname(environment);
  const prefix = `${basename(environment)}.`;
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : NaN;
    if (!Number.isInteger(pid) || (pid !== process.pid && processExists(pid))) continue;
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function stampFile(environment: string): string {
  return join(environment, '.kalcifer-installed');
}

function readStamp(environment: string): string {
  try {
    return readFileSync(stampFile(environment), 'utf8');
  } catch {
    return '';
  }
}

function stamp(): string {
  return createHash('sha256').update(readFileSync(requirements)).digest('hex');
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  const last = said.trim().split('\n').slice(-8).join('\n');
  throw new KalciferError(
    'local.install_failed',
    `MiniStack ${ministackVersion} could not be installed. pip reads its package index as it always does (PIP_INDEX_URL, pip.conf); call it again when that can be reached. It said:\n${last}`,
  );
}
