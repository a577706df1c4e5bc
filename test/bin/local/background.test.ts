import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  findBackground,
  isRunning,
  startInBackground,
  stopBackground,
  tailOf,
  type Background,
} from '../../../bin/local/background.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-background-'));
  onTestFinished(async () => {
    await stopBackground(folder, 'sleeper');
    await rm(folder, { recursive: true, force: true });
  });
});

function start(program: string): Background {
  return startInBackground({
    name: 'sleeper',
    folder,
    command: process.execPath,
    args: ['-e', program],
    environment: { SAID: 'hello' },
  });
}

const sleeping = 'console.log(process.env.SAID, process.env.HOME); setInterval(() => {}, 1000)';

describe('a program in the background', () => {
  it('is found again by its record, has a log, and only the variables it is given', async () => {
    const started = start(sleeping);
    expect(findBackground(folder, 'sleeper')).toEqual(started);
    await vi.waitFor(() => expect(tailOf(started.log)).toBe('hello undefined'), {
      timeout: 20_000,
    });
  });

  it('is stopped, with what it started, also when it does not want to', async () => {
    const started = start(
      `process.on('SIGTERM', () => process.exit());
       const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       console.log(child.pid); setInterval(() => {}, 1000);`,
    );
    await vi.waitFor(() => expect(tailOf(started.log)).toMatch(/^\d+$/), { timeout: 20_000 });
    const grandchild = Number(tailOf(started.log));
    expect(await stopBackground(folder, 'sleeper')).toBe(true);
    expect(isRunning(started)).toBe(false);
    await vi.waitFor(() => expect(isAlive(grandchild)).toBe(false), { timeout: 20_000 });
    expect(findBackground(folder, 'sleeper')).toBeUndefined();
    expect(await stopBackground(folder, 'sleeper')).toBe(false);
  });

  it('is not taken for another process that has its number now', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void stranger.kill('SIGKILL'));
    await once(stranger, 'spawn');
    const record = { pid: stranger.pid, log: join(folder, 'sleeper.log'), began: 'long ago' };
    await writeFile(join(folder, 'sleeper.json'), JSON.stringify(record));
    expect(findBackground(folder, 'sleeper')).toBeUndefined();
    expect(await stopBackground(folder, 'sleeper')).toBe(false);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
  });

  it('is not there when its command is not, or its record is damaged', async () => {
    startInBackground({
      name: 'sleeper',
      folder,
      command: '/nowhere/at-all',
      args: [],
      environment: {},
    });
    expect(findBackground(folder, 'sleeper')).toBeUndefined();
    await writeFile(join(folder, 'sleeper.json'), '{');
    expect(findBackground(folder, 'sleeper')).toBeUndefined();
    await stopBackground(folder, 'sleeper');
    await expect(readFile(join(folder, 'sleeper.json'))).rejects.toThrow('ENOENT');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
