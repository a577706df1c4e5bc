/** Starts, commands and kills worker processes. */
import { fork, type ChildProcess } from 'node:child_process';
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

export async function startWorker(folder: string): Promise<WorkerProcess> {
  const asked = performance.now();
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [folder], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
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
