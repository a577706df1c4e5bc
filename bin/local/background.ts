/**
 * Programs that go on after the command that started them: each leaves a record of its process and a log. Only a process that is
 * still the one in the record is ever stopped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface BackgroundProgram {
  /** Names its record and its log. */
  readonly name: string;
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Background {
  readonly pid: number;
  readonly log: string;
  /** When the process began, as the system tells it: a number may be given to another process later. */
  readonly began: string;
}

export function startInBackground(program: BackgroundProgram): Background {
  const { name, folder, command, args, environment } = program;
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${name}.log`);
  const output = openSync(log, 'w');
  // A group of its own: Ctrl-C in this terminal does not reach it, and what it starts can be stopped with it.
  const child = spawn(command, args, {
    detached: true,
    env: { ...environment },
    stdio: ['ignore', output, output],
  });
  // A program that cannot be started is noticed by whoever waits for it.
  child.on('error', () => undefined);
  child.unref();
  closeSync(output);
  const pid = child.pid ?? 0;
  const background = { pid, log, began: beganOf(pid) };
  writeFileSync(recordOf(folder, name), `${JSON.stringify(background)}\n`);
  return background;
}

/** The program of this name if it runs. */
export function findBackground(folder: string, name: string): Background | undefined {
  const record = readRecord(recordOf(folder, name));
  return record !== undefined && isRunning(record) ? record : undefined;
}

export function isRunning({ pid, began }: Background): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return beganOf(pid) === began;
}

const stopPatienceMs = 10_000;

/** Asks the program to end, and ends it when it does not. Answers whether there was one. */
export async function stopBackground(folder: string, name: string): Promise<boolean> {
  const running = findBackground(folder, name);
  if (running !== undefined) {
    signal(running, 'SIGTERM');
    for (let waited = 0; isRunning(running) && waited < stopPatienceMs; waited += 50) {
      await sleep(50);
    }
    // What the program itself started may outlive it.
    signal(running, 'SIGKILL');
  }
  rmSync(recordOf(folder, name), { force: true });
  return running !== undefined;
}

/** The last lines of a log. */
export function tailOf(log: string, lines = 15): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

function signal({ pid }: Background, name: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, name);
  } catch {
    // It is gone.
  }
}

function recordOf(folder: string, name: string): string {
  return join(folder, `${name}.json`);
}

function readRecord(file: string): Background | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Background;
  } catch {
    return undefined;
  }
}

function beganOf(pid: number): string {
  try {
    // Field 22 counts from behind the name, which may itself hold blanks and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    const asked = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return asked.status === 0 ? asked.stdout.trim() : '';
  }
}
