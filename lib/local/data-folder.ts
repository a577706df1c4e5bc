/**
 * The data folder: the one place where an embedded Kalcifer keeps everything. Opening it says in one sentence what is wrong with a
 * folder that is not ours, not sound or in use, and changes nothing then.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isJsonObject } from '../json.ts';
import { KalciferError } from '../kalcifer-error.ts';
import { damageOf } from './data-file.ts';
import { findHolder, lockFolderName, takeLock, type ProcessLock } from './process-lock.ts';

export interface DataFolder {
  readonly path: string;
  /** The folder of the table, inside. */
  readonly tablePath: string;
  /** Lets the next process in. */
  close(): Promise<void>;
}

/** How everything in the folder is written. A change that an older Kalcifer cannot read takes the next number. */
const format = 1;
const aboutName = 'kalcifer.json';
const newAboutName = 'kalcifer.json.new';
const tableName = 'table';
const dataFileName = 'data.mdb';
/** What may be there before anything is kept: what a first start that was interrupted left, and what commands install beside it. */
const beginnings: ReadonlySet<string> = new Set([
  ...[lockFolderName, newAboutName],
  ...['chdb', 'clickhouse', 'local', 'ministack'],
]);

/**
 * Opens the folder for this process alone, and creates it when it is absent.
 *
 * Errors: `data_folder.locked` (another process has it), `data_folder.foreign` (another format, or not Kalcifer's at all),
 * `data_folder.damaged`, `data_folder.unusable` (not a folder, or it cannot be read or written).
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const isNew = usable(path, () => checkFolder(path));
  const lock = await lockFolder(path);
  try {
    if (isNew) usable(path, () => writeAbout(path));
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    path,
    tablePath: join(path, tableName),
    close() {
      lock.release();
      return Promise.resolve();
    },
  };
}

/** Only looks. Answers whether this is the first start in the folder. */
function checkFolder(path: string): boolean {
  if (!existsSync(path)) return true;
  if (!statSync(path).isDirectory()) throw refusal('unusable', path, 'is a file, not a folder');
  const names = readdirSync(path);
  if (!names.includes(aboutName)) {
    if (names.every((name) => beginnings.has(name))) return true;
    throw refusal(
      'foreign',
      path,
      `holds other things and no ${aboutName}; choose an empty folder, or one of Kalcifer's`,
    );
  }
  checkFormat(path);
  const holder = findHolder(path);
  if (holder !== undefined) throw locked(path, holder);
  checkDataFile(path);
  return false;
}

function checkFormat(path: string): void {
  const about = parse(readFileSync(join(path, aboutName), 'utf8'));
  const found = isJsonObject(about) ? about.format : undefined;
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) {
    throw refusal('damaged', path, `has a ${aboutName} that does not say {"format": ${format}}`);
  }
  if (found === format) return;
  throw refusal(
    'foreign',
    path,
    `was written by a newer Kalcifer (format ${found}); this one reads format ${format}`,
  );
}

function checkDataFile(path: string): void {
  const file = join(path, tableName, dataFileName);
  if (!existsSync(file)) return;
  const damage = damageOf(file);
  if (damage === undefined) return;
  throw refusal(
    'damaged',
    path,
    `cannot be opened: ${tableName}/${dataFileName} ${damage}; restore the whole folder from a backup`,
  );
}

async function lockFolder(path: string): Promise<ProcessLock> {
  usable(path, () => createFolder(path));
  let answer: Awaited<ReturnType<typeof takeLock>>;
  try {
    answer = await takeLock(path);
  } catch (error) {
    throw unusable(path, error);
  }
  if ('lockedBy' in answer) throw locked(path, answer.lockedBy);
  return answer;
}

/** Folder by folder: Node's own way of doing so never ends where a folder cannot be created, as in /proc. */
function createFolder(path: string): void {
  if (existsSync(path)) return;
  createFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process starting at the same time was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The file appears with its content or not at all, also when the power goes. */
function writeAbout(path: string): void {
  const file = join(path, newAboutName);
  writeFileSync(file, `${JSON.stringify({ format })}\n`, { flush: true });
  renameSync(file, join(path, aboutName));
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Turns what the operating system says into a refusal. */
function usable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof KalciferError ? error : unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): KalciferError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return refusal('unusable', path, `cannot be used: ${reason}`, cause);
}

function locked(path: string, pid: number): KalciferError {
  return refusal('locked', path, `is in use by another Kalcifer (process ${pid}); stop it first`);
}

function refusal(
  kind: 'locked' | 'foreign' | 'damaged' | 'unusable',
  path: string,
  predicate: string,
  cause?: unknown,
): KalciferError {
  const message = `The data folder ${path} ${predicate}.`;
  return new KalciferError(`data_folder.${kind}`, message, {
    data: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
