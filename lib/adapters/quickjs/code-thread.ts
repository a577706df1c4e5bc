/** One thread for tenants' code, as the main thread holds it. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { codeThread, type CodeThreadData, type FromWorker, type ToWorker } from './code-worker.ts';

export interface CodeThread {
  /** One message at a time. Rejects when the thread ends without an answer. */
  tell(message: ToWorker): Promise<FromWorker>;
  /** Ends at once, whatever it is doing. */
  end(): Promise<void>;
}

/** Resolves when the thread can be told something; rejects when it cannot be started. */
export async function startCodeThread(): Promise<CodeThread> {
  const worker = new Worker(beginning(), {
    eval: true,
    execArgv: [],
    env: {},
    workerData: { thread: codeThread, isBundled } satisfies CodeThreadData,
    resourceLimits,
  });
  worker.on('error', () => undefined);
  await nextMessage(worker);
  worker.unref();
  return {
    tell: async (message) => {
      // Only a thread that works keeps the process alive.
      worker.ref();
      const answer = nextMessage(worker);
      worker.postMessage(message);
      try {
        return await answer;
      } finally {
        worker.unref();
      }
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

/**
 * The interpreter counts its own stack, not the machine's below it: that one has to be too large to be used up first. The
 * interpreter's memory lies outside of the heap.
 */
const resourceLimits = { stackSizeMb: 32, maxOldGenerationSizeMb: 64 };

/** Built file by file, this file keeps its name; a bundle is one file, in which everything is. */
const isBundled = !/\/code-thread\.[jt]s$/.test(import.meta.url);

/** From the sources, a thread has to learn TypeScript before it can read its file; what is built needs nothing. */
function beginning(): string {
  if (isBundled) return `${silence} import(${JSON.stringify(import.meta.url)})`;
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? './code-worker.ts' : './code-worker.js', import.meta.url).href;
  if (!isSource) return `${silence} import(${JSON.stringify(file)})`;
  const { resolve } = createRequire(import.meta.url);
  const tsx = pathToFileURL(resolve('tsx/esm/api')).href.replace(/\.cjs$/, '.mjs');
  return `${silence} import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
}

/** An interpreter that gives up says so on its way out; the answer tells as much. */
const silence = 'console.error = () => undefined;';

function nextMessage(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off('message', answered).off('error', reject).off('exit', ended);
    };
    const answered = (message: FromWorker): void => {
      done();
      resolve(message);
    };
    const ended = (): void => {
      done();
      reject(new Error('the thread for custom code has ended'));
    };
    worker.on('message', answered).on('error', reject).on('exit', ended);
  });
}
