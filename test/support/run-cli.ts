/** Runs the command line as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const program = fileURLToPath(new URL('../../bin/kalcifer.ts', import.meta.url));

/** @param folder where the process runs; else here */
export function startCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): ChildProcess {
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(folder === undefined ? {} : { cwd: folder }),
  });
}

export function runCli(...args: readonly string[]): Promise<CliResult> {
  return resultOf(startCli(args));
}

/** With these environment variables besides. */
export function runCliWith(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CliResult> {
  return resultOf(startCli(args, environment));
}

/** In this folder. */
export function runCliIn(folder: string, ...args: readonly string[]): Promise<CliResult> {
  return resultOf(startCli(args, {}, folder));
}

/** In this folder, with these environment variables besides. */
export function runCliInWith(
  folder: string,
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CliResult> {
  return resultOf(startCli(args, environment, folder));
}

async function resultOf(child: ChildProcess): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
