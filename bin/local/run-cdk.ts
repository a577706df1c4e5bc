/** Runs the CDK's command line, in the version that the project pins, against the target. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { AwsTarget } from './aws-target.ts';
import type { LocalFolder } from './local-folder.ts';

export interface CdkCall {
  readonly args: readonly string[];
  readonly target: AwsTarget;
  readonly folder: LocalFolder;
  /** Whether its words are shown as they come, or only when it fails. */
  readonly output: 'shown' | 'kept';
}

/** @throws KalciferError `local.no_cdk`, `local.no_app`, `local.cdk_failed` */
export async function runCdk({ args, target, folder, output }: CdkCall): Promise<void> {
  const plain = output === 'kept' ? ['--no-color'] : [];
  const child = spawn(process.execPath, [cdkProgram(), ...args, '--no-notices', ...plain], {
    env: {
      ...process.env,
      ...target.variables,
      // By its address: to a name with two, Node gives each a quarter of a second to connect, which a busy machine may not keep.
      AWS_ENDPOINT_URL: target.endpoint.origin.replace('//localhost', '//127.0.0.1'),
      CDK_HOME: folder.cdkHome,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // It would recommend 3.0.0, which cannot read what our version of the library writes.
      CDK_DISABLE_VERSION_CHECK: 'true',
      NODE_NO_WARNINGS: '1',
    },
    stdio: output === 'shown' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  const words = said === '' ? 'Its own words are above.' : `It said:\n${withoutProgress(said)}`;
  const next =
    said === '' || said.includes('cdk bootstrap')
      ? `${said === '' ? ' ' : '\n'}Where it asks for "cdk bootstrap": npm run local:up, with the same AWS variables.`
      : '';
  throw new KalciferError(
    'local.cdk_failed',
    `"cdk ${args[0] ?? ''}" failed against ${target.endpoint.origin}. ${words}${next}`,
  );
}

/** Without a line for each resource that went well: `stack | 3/120 | 4:57:53 PM | CREATE_COMPLETE | ...`. */
function withoutProgress(said: string): string {
  const lines = said.trimEnd().split('\n');
  return lines.filter((line) => !/^\S+ \| +\d+\/\d+ \| (?!.*_FAILED)/.test(line)).join('\n');
}

/** @throws KalciferError `local.no_app` */
export function checkApp(): void {
  if (existsSync('cdk.json')) return;
  throw new KalciferError(
    'local.no_app',
    'There is no cdk.json here: call this in a clone of Kalcifer, or where your own CDK app is.',
  );
}

/** Of the folder where this is called, so that an app of one's own brings the version that it wants; else Kalcifer's. */
function cdkProgram(): string {
  for (const from of [join(resolve('.'), 'package.json'), import.meta.url]) {
    try {
      const manifest = createRequire(from).resolve('aws-cdk/package.json');
      return join(dirname(manifest), 'bin', 'cdk');
    } catch {
      // Not there: tried in the next place, told below.
    }
  }
  throw new KalciferError(
    'local.no_cdk',
    'The CDK command line is not installed: npm install --save-dev aws-cdk@2.1148.1',
  );
}
