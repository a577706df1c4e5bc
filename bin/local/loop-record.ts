/** What `up` brought up, for the commands that come after it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalFolder } from './local-folder.ts';

export interface Loop {
  /** `found`: it was there before, and is not ours to stop. */
  readonly emulator: 'localstack' | 'ministack' | 'found';
  /** Scheme, host and port. */
  readonly endpoint: string;
  readonly account: string;
  /** As the deployed functions reach it; absent: history is not recorded. */
  readonly clickhouseUrl?: string;
}

export function saveLoop(folder: LocalFolder, loop: Loop): void {
  writeFileSync(fileIn(folder), `${JSON.stringify(loop)}\n`);
}

/** Undefined before `up`. */
export function readLoop(folder: LocalFolder): Loop | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Loop;
  } catch {
    return undefined;
  }
}

function fileIn({ state }: LocalFolder): string {
  return join(state, 'loop.json');
}
