/** The thread that tenants' code runs in: one thing at a time, told and answered by messages. It can be ended at any moment. */
import { parentPort } from 'node:worker_threads';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import type { CodeJob } from '../../ports/code-runner.ts';
import { checkCode, runCode, type SandboxAnswer, type SandboxRun } from './sandbox.ts';

export type ToWorker =
  { readonly do: 'run'; readonly job: CodeJob } | { readonly do: 'check'; readonly source: string };

export type FromWorker = 'ready' | SandboxRun<SandboxAnswer> | SandboxRun<string | undefined>;

const module = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'));

parentPort?.on('message', (message: ToWorker) => {
  const answer: FromWorker =
    message.do === 'run' ? runCode(module, message.job) : checkCode(module, message.source);
  parentPort?.postMessage(answer);
});
parentPort?.postMessage('ready' satisfies FromWorker);
