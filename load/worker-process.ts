/** Starts, commands and kills worker processes. They run compiled JavaScript, as an installed package does. */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Command, Figures, Ready } from './worker-protocol.ts';

export interface WorkerProcess {
  readonly ready: Ready;
  /** From asking the operating system for the process to its first answer. */
  readonly startedMs: number;
  tell(command: Command): Promise<Figures>;
  /** SIGKILL: nothing is flushed on the way out. */
  kill(): Promise<void>;
}

const compiledWorker = new URL('./data/build/load/worker.js', import.meta.url);

/** Compiles the worker and everything it uses. Throws when that fails. */
export function buildWorker(): void {
  const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  const project = fileURLToPath(new URL('./tsconfig.json', import.meta.url));
  execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
}

export async function startWorker(folder: string): Promise<WorkerProcess> {
  const asked = performance.now();
  const child = fork(fileURLToPath(compiledWorker), [folder], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = (await answer(child)) as unknown as Ready;
  const startedMs = performance.now() - asked;
  return {
    ready,
    startedMs,
    tell: (command) => {
      const figures = answer(child);
      child.send(command);
      return figures;
    },
    kill: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function answer(child: ChildProcess): Promise<Figures> {
  const [figures] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the worker ended with code ${String(code)}`);
    }),
  ])) as [Figures];
  return figures;
}
