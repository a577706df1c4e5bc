/** `kalcifer local down`: stops what `up` started and removes what it made; what it installed stays unless that is to go too. */
import { existsSync, rmSync } from 'node:fs';
import { paint } from '../terminal/paint.ts';
import { step } from '../terminal/step.ts';
import { alone } from './alone.ts';
import type { AwsTarget } from './aws-target.ts';
import { findBackground, stopBackground } from './background.ts';
import { composeDown } from './docker.ts';
import { removeHalfMade } from './install-ministack.ts';
import type { LocalFolder } from './local-folder.ts';
import { readLoop } from './loop-record.ts';
import { clickhouseName } from './start-clickhouse.ts';
import { ministackName } from './start-ministack.ts';

export interface DownOptions {
  readonly target: AwsTarget;
  readonly folder: LocalFolder;
  /** Removes MiniStack itself as well. */
  readonly purge: boolean;
}

export async function takeDown(options: DownOptions, say: (line: string) => void): Promise<void> {
  // Of a folder where nothing is, nothing is to be made either.
  if (!existsSync(options.folder.state)) await takeAllDown(options, say);
  else await alone(options.folder, () => takeAllDown(options, say));
}

async function takeAllDown(
  { target, folder, purge }: DownOptions,
  say: (line: string) => void,
): Promise<void> {
  const emulator = readLoop(folder)?.emulator;
  if (emulator === 'localstack') composeDown();
  const stopped: string[] = [];
  for (const [name, title] of [
    [clickhouseName, 'ClickHouse'],
    [ministackName, 'MiniStack'],
  ] as const) {
    if (findBackground(folder.state, name) === undefined) continue;
    await step(`Stopping ${title}`, () => stopBackground(folder.state, name));
    stopped.push(title);
  }
  rmSync(folder.state, { recursive: true, force: true });
  if (purge) {
    removeHalfMade(folder.ministack);
    rmSync(folder.ministack, { recursive: true, force: true });
  }
  if (emulator === undefined && stopped.length === 0) {
    say(`${paint('green', 'nothing')} was up`);
    return;
  }
  if (emulator === 'found') {
    say(`  The emulator at ${target.endpoint.origin} was not started here: it goes on.`);
  }
  say(`${paint('green', 'down')} ${folder.state} is removed`);
}
