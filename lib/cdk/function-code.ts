/**
 * The code of the functions: each handler is bundled by the esbuild that is installed, never in a container, with everything that it
 * needs inside, so that it is the same on AWS and on an emulator. All are bundled in one go, the first time that one is asked for.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { buildSync } from 'esbuild';
import { KalciferError } from '../kalcifer-error.ts';
import { bundleOptions } from './bundle-options.ts';

/** A folder under `lambdas/`. */
export type Verb =
  | 'run-entry'
  | 'run-channel'
  | 'run-logic'
  | 'run-data'
  | 'run-wait'
  | 'run-exit'
  | 'resolve-wait'
  | 'fail-instance'
  | 'receive-event'
  | 'enrol'
  | 'sweep'
  | 'reconcile'
  | 'api'
  | 'register-journeys'
  | 'forward-history'
  | 'record-history';

/** Folders that lie beside the code, by the name that they have there. */
export type ExtraFolders = Readonly<Record<string, string>>;

/** What Lambda calls in such a bundle. */
export const handlerName = 'index.handler';

/** @throws KalciferError `deployment.handler_missing` */
export function functionCode(scope: Construct, verb: Verb, folders: ExtraFolders = {}): Code {
  // The command line asks for no bundles where it needs none: to list, to destroy.
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(lambdasFolder);
  if (!existsSync(handlerFile(verb))) throw missing(verb);
  const bundle = join(bundlesOf(scope), verb);
  if (Object.keys(folders).length === 0) return Code.fromAsset(bundle);
  // A copy, because one folder is one asset: another engine of the app lays other things beside the same code.
  const copy = join(dirname(dirname(bundle)), `${verb}-${scope.node.addr}`);
  rmSync(copy, { recursive: true, force: true });
  cpSync(bundle, copy, { recursive: true });
  for (const [name, folder] of Object.entries(folders)) {
    cpSync(folder, join(copy, name), { recursive: true });
  }
  return Code.fromAsset(copy);
}

const bundlesByApp = new WeakMap<IConstruct, string>();

function bundlesOf(scope: Construct): string {
  const app = scope.node.root;
  const known = bundlesByApp.get(app);
  if (known !== undefined) return known;
  const folder = join(Stage.of(scope)?.outdir ?? 'cdk.out', 'functions');
  rmSync(folder, { recursive: true, force: true });
  bundleAll(folder);
  bundlesByApp.set(app, folder);
  return folder;
}

function bundleAll(folder: string): void {
  buildSync({
    entryPoints: readdirSync(lambdasFolder)
      .map((verb) => ({ in: handlerFile(verb), out: `${verb}/index` }))
      .filter((entry) => existsSync(entry.in)),
    outdir: folder,
    ...bundleOptions,
  });
}

const lambdasFolder = fileURLToPath(new URL('../../lambdas', import.meta.url));

/** TypeScript in the repository, JavaScript in the published package. */
function handlerFile(verb: string): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return join(lambdasFolder, verb, `handler.${ending}`);
}

function missing(verb: string): KalciferError {
  return new KalciferError(
    'deployment.handler_missing',
    `There is no function "${verb}": ${handlerFile(verb)}.`,
  );
}
