/** Starts, commands and kills worker processes. They run compiled JavaScript, as an installed package does. */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import type { Command, Figures, Ready } from './worker-protocol.ts';

export interface WorkerProcess {
  readonly ready: Ready;
  /** From asking the operating system for the process to its first answer. */
  readonly startedMs: number;
  tell(command: Command): Promise<Figures>;
  /** SIGKILL: nothing is flushed on the way out. */
  kill(): Promise<void>;
}

/**
 * Compiles the worker of a source tree, and everything it uses; answers the path of its JavaScript.
 *
 * @param root the root folder of the tree
 * @throws when it does not compile
 */
export function buildWorker(root: string): string {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(root, 'load/tsconfig.json')], {
    stdio: 'inherit',
  });
  return join(root, 'load/data/build/load/worker.js');
}

export async function startWorker(worker: string, folder: string): Promise<WorkerProcess> {
  const asked = performance.now();
  const child = fork(worker, [folder], {
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
