/**
 * The thread that tenants' code runs in: one thing at a time, told and answered by messages. It can be ended at any moment. Where
 * everything is bundled into one file, such as a function on AWS, the thread begins in that file, and goes no further than here.
 * Nothing is loaded in a thread that this is not.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { QuickJSSyncVariant, QuickJSWASMModule } from 'quickjs-emscripten-core';
import type { CodeJob } from '../../ports/code-runner.ts';
import type { SandboxAnswer, SandboxRun } from './sandbox.ts';

export type ToWorker =
  { readonly do: 'run'; readonly job: CodeJob } | { readonly do: 'check'; readonly source: string };

export type FromWorker = 'ready' | SandboxRun<SandboxAnswer> | SandboxRun<string | undefined>;

/** What such a thread is started with. */
export interface CodeThreadData {
  readonly thread: typeof codeThread;
  readonly isBundled: boolean;
}

export const codeThread = 'kalcifer custom code';

const data = workerData as CodeThreadData | null;
if (data?.thread === codeThread) {
  await serve(data.isBundled);
  // The rest of a bundle is the program that started this thread.
  if (data.isBundled) await new Promise<never>(() => undefined);
}

async function serve(isBundled: boolean): Promise<void> {
  const { checkCode, runCode } = await import('./sandbox.ts');
  const module = await loadModule(isBundled);
  parentPort?.on('message', (message: ToWorker) => {
    const answer: FromWorker =
      message.do === 'run' ? runCode(module, message.job) : checkCode(module, message.source);
    parentPort?.postMessage(answer);
  });
  parentPort?.postMessage('ready' satisfies FromWorker);
}

async function loadModule(isBundled: boolean): Promise<QuickJSWASMModule> {
  const { newQuickJSWASMModuleFromVariant, newVariant } = await import('quickjs-emscripten-core');
  const imported: unknown = await import('@jitl/quickjs-wasmfile-release-sync');
  const variant = (imported as { readonly default: QuickJSSyncVariant }).default;
  if (!isBundled) return newQuickJSWASMModuleFromVariant(variant);
  // Whoever bundles embeds files that end in `.wasm` as text in base64.
  // @ts-expect-error -- only bundlers take such a file for a module
  const embedded: unknown = await import('@jitl/quickjs-wasmfile-release-sync/wasm');
  const { default: wasm } = embedded as { readonly default: string };
  const wasmBinary = Uint8Array.from(Buffer.from(wasm, 'base64')).buffer;
  return newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmBinary }));
}
