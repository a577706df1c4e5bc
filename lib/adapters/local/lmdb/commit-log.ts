/**
 * The commit log: batches on disk in the order of their numbers, one sequential write each, before anybody is told. It is short:
 * what it holds is moved into the data file all the time. Its two files take turns, one being filled while the batches of the
 * other are on their way into the data file.
 */
import { constants, ftruncateSync, readFileSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { KalciferError } from '../../../kalcifer-error.ts';
import { createByteSink } from './byte-sink.ts';
import { addChanges, createChanges, type Changes } from './changes.ts';
import type { Durability } from './lmdb-file.ts';
import { decodeFrame, encodeFrame, frameMark, type LogFrame } from './log-frame.ts';

export interface CommitLog {
  /** Resolves when the batch is on disk. One call at a time, with numbers that grow by 1; after a failure the number is used again. */
  append(number: number, changes: Changes): Promise<void>;
  /**
   * Fills the other file from now on, if no batch in it is needed any more: those up to `stored` are in the data file. Not to be
   * called while a batch is being appended.
   */
  turn(stored: number): void;
  /** Gives the disk space back. Only when every batch is in the data file, and none is being appended. */
  truncate(): void;
  /** How far the current file is filled. */
  sizeBytes(): number;
  /** What both files take on the disk. */
  diskBytes(): number;
  close(): Promise<void>;
}

interface LogFile {
  readonly path: string;
  readonly handle: FileHandle;
  length: number;
  /** Number of the last batch in it. */
  last: number;
}

const fileNames = ['commit-0.log', 'commit-1.log'] as const;
/** A frame larger than this was an exception; its memory is not kept. */
const keptSinkBytes = 4 * 2 ** 20;

/** What the files held before is overwritten: read it first. */
export async function openCommitLog(folder: string, durability: Durability): Promise<CommitLog> {
  const files: LogFile[] = [];
  for (const name of fileNames) {
    const path = join(folder, name);
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
    files.push({ path, handle, length: 0, last: 0 });
  }
  let [filling, resting] = files as [LogFile, LogFile];
  let sink = createByteSink();

  return {
    async append(number, changes) {
      encodeFrame(number, changes, sink);
      await writeAll(filling.handle, sink.bytes.subarray(0, sink.length), filling.length);
      if (durability === 'flushed') await filling.handle.datasync();
      filling.length += sink.length;
      filling.last = number;
      if (sink.bytes.length > keptSinkBytes) sink = createByteSink();
    },

    turn(stored) {
      if (resting.last > stored) return;
      [filling, resting] = [resting, filling];
      filling.length = 0;
    },

    truncate() {
      for (const file of files) {
        ftruncateSync(file.handle.fd, 0);
        file.length = 0;
      }
    },

    sizeBytes: () => filling.length,
    diskBytes: () => files.reduce((sum, { path }) => sum + statSync(path).size, 0),

    async close() {
      for (const { handle } of files) await handle.close();
    },
  };
}

/** What is on disk but not in the data file. */
export interface LoggedChanges {
  readonly changes: Changes;
  /** The last batch that is on disk anywhere. */
  readonly last: number;
}

/**
 * Reads the log that an earlier process left. A batch that was being written when it died is left out: nobody was told of it. Throws
 * `table.damaged` when a batch is missing that others follow.
 */
export function readCommitLog(folder: string, stored: number): LoggedChanges {
  const frames = fileNames
    .flatMap((name) => readFrames(join(folder, name)))
    .filter(({ number }) => number > stored)
    .sort((a, b) => a.number - b.number);
  const changes = createChanges();
  let last = stored;
  for (const frame of frames) {
    if (frame.number !== last + 1) throw damaged(folder, last + 1, frame.number);
    addChanges(changes, frame.changes);
    last = frame.number;
  }
  return { changes, last };
}

/** The frames from the beginning of the file, and any later one that is newer than they are: it shows that one is missing. */
function readFrames(path: string): LogFrame[] {
  const log = readIfPresent(path);
  const frames: LogFrame[] = [];
  for (let at = 0; ;) {
    const frame = decodeFrame(log, at);
    const last = frames.at(-1);
    if (frame === undefined || (last !== undefined && frame.number !== last.number + 1)) break;
    frames.push(frame);
    at = frame.end;
  }
  const stray = findFrameAfter(log, frames.at(-1)?.end ?? 0, frames.at(-1)?.number ?? 0);
  return stray === undefined ? frames : [...frames, stray];
}

/** Behind the last frame are remains of earlier turns of the file, all of lower numbers. */
function findFrameAfter(log: Buffer, start: number, number: number): LogFrame | undefined {
  for (let at = log.indexOf(frameMark, start); at !== -1; at = log.indexOf(frameMark, at + 1)) {
    const frame = decodeFrame(log, at);
    if (frame !== undefined && frame.number > number) return frame;
  }
  return undefined;
}

function readIfPresent(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const rest = bytes.length - written;
    const answer = await handle.write(bytes, written, rest, position + written);
    written += answer.bytesWritten;
  }
}

function damaged(folder: string, wanted: number, found: number): KalciferError {
  return new KalciferError(
    'table.damaged',
    `The commit log in ${folder} continues with batch ${found} where batch ${wanted} belongs: ` +
      'files are missing or were replaced. Restore the whole folder from one backup.',
  );
}
