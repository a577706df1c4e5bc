/** Several processes and one data folder: one of them has it, and its death, however it dies, gives it free. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from '../../lib/local/data-folder.ts';

const holderFile = fileURLToPath(new URL('data-folder-holder.ts', import.meta.url));
let home: string;
let path: string;
let holders: ChildProcess[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kalcifer-holder-'));
  path = join(home, 'data');
  holders = [];
});

afterEach(async () => {
  await Promise.all(holders.map(kill));
  rmSync(home, { recursive: true, force: true });
});

interface Holder {
  readonly process: ChildProcess;
  /** `opened`, or the code of the refusal. */
  readonly outcome: Promise<string>;
}

function startHolder(): Holder {
  const child = spawn(process.execPath, ['--import', 'tsx', holderFile, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  holders.push(child);
  const outcome = once(createInterface(child.stdout), 'line').then(([line]) => String(line));
  return { process: child, outcome };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('a second living process is refused, and told which process has the folder', async () => {
  const holder = startHolder();
  expect(await holder.outcome).toBe('opened');
  await expect(openDataFolder(path)).rejects.toMatchObject({
    code: 'data_folder.locked',
    message: `The data folder ${path} is in use by another Kalcifer (process ${holder.process.pid ?? ''}); stop it first.`,
  });
  expect(readdirSync(join(path, 'lock'))).toHaveLength(1);
});

test('a folder whose process was killed is free for the next', async () => {
  for (let round = 0; round < 3; round += 1) {
    const holder = startHolder();
    expect(await holder.outcome).toBe('opened');
    await kill(holder.process);
  }
  const folder = await openDataFolder(path);
  expect(readdirSync(join(path, 'lock'))).toHaveLength(1);
  await folder.close();
});

test('of processes that start at the same instant exactly one gets the folder', async () => {
  const rivals = Array.from({ length: 4 }, startHolder);
  const outcomes = await Promise.all(rivals.map(({ outcome }) => outcome));
  expect(outcomes.sort()).toEqual([
    'data_folder.locked',
    'data_folder.locked',
    'data_folder.locked',
    'opened',
  ]);
});

test.runIf(process.platform === 'linux')(
  'the number of a dead holder, used again by another process, does not lock the folder',
  async () => {
    const holder = startHolder();
    expect(await holder.outcome).toBe('opened');
    const [claim = ''] = readdirSync(join(path, 'lock'));
    await kill(holder.process);
    // As if this very process, which is alive, had got the number of the dead one.
    const [, birth = ''] = claim.split('_');
    rmSync(join(path, 'lock', claim));
    writeFileSync(join(path, 'lock', `${process.pid}_${birth}_1`), 'holds the folder');
    const folder = await openDataFolder(path);
    expect(readdirSync(join(path, 'lock'))).toHaveLength(1);
    await folder.close();
  },
);

test('a claim of the last start of the machine does not lock the folder', async () => {
  const folder = await openDataFolder(path);
  const [claim = ''] = readdirSync(join(path, 'lock'));
  expect(readFileSync(join(path, 'lock', claim), 'utf8')).toBe('holds the folder');
  await folder.close();
  const [pid = '', birth = ''] = claim.split('_');
  const ticks = birth.split('.').at(-1) ?? '';
  mkdirSync(join(path, 'lock'), { recursive: true });
  const earlier = `${pid}_00000000-0000-0000-0000-000000000000.${ticks}_1`;
  writeFileSync(join(path, 'lock', earlier), 'holds the folder');
  await (await openDataFolder(path)).close();
  expect(readdirSync(join(path, 'lock'))).toEqual([]);
});

test('two openings in one process that start together: exactly one gets the folder', async () => {
  const outcomes = await Promise.allSettled([openDataFolder(path), openDataFolder(path)]);
  const opened = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(opened).toHaveLength(1);
  await opened[0]?.value.close();
});
