/**
 * An emulator for the tests: the one that AWS_ENDPOINT_URL names (LocalStack in containers), else a fresh MiniStack of their own.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { awsTarget, pointHere, type AwsTarget } from '../../../bin/local/aws-target.ts';
import { stopBackground } from '../../../bin/local/background.ts';
import { listenerAt } from '../../../bin/local/emulator-at.ts';
import { installMinistack } from '../../../bin/local/install-ministack.ts';
import { localFolder, type LocalFolder } from '../../../bin/local/local-folder.ts';
import { runCdk } from '../../../bin/local/run-cdk.ts';
import { ministackName, startMinistack } from '../../../bin/local/start-ministack.ts';
import { processExists } from '../../../lib/local/process-exists.ts';
import { freePort } from './free-port.ts';
import { openMailCatcher } from './mail-catcher.ts';

export interface OpenedEmulator {
  readonly kind: 'ministack' | 'localstack';
  readonly target: AwsTarget;
  readonly folder: LocalFolder;
  readonly tagsUrl?: string;
  close(): Promise<void>;
}

/** Bootstrapped for the CDK; the clients of this process point there. */
export async function openEmulator(): Promise<OpenedEmulator> {
  await removeAbandoned();
  const folder = freshFolder();
  const emulator = isGiven() ? await given(folder) : await fresh(folder);
  pointHere(emulator.target);
  const { account, region } = emulator.target;
  try {
    await runCdk({
      // The one beside it in the repository is for one program at a time.
      args: [
        ...['bootstrap', `aws://${account}/${region}`],
        ...['--output', folder.cloudAssembly('bootstrap')],
      ],
      target: emulator.target,
      folder,
      output: 'kept',
    });
  } catch (error) {
    await emulator.close();
    throw error;
  }
  return emulator;
}

/** Set before a test of ours sets AWS_ENDPOINT_URL itself. */
const givenVariable = 'KALCIFER_E2E_EMULATOR';

function isGiven(): boolean {
  process.env[givenVariable] ??= (process.env['AWS_ENDPOINT_URL'] ?? '') === '' ? 'own' : 'given';
  return process.env[givenVariable] === 'given';
}

async function given(folder: LocalFolder): Promise<OpenedEmulator> {
  const target = awsTarget();
  const kind = await listenerAt(target.endpoint);
  if (kind !== 'localstack' && kind !== 'ministack') {
    await removed(folder);
    throw new Error(
      `AWS_ENDPOINT_URL is ${target.endpoint.origin}, and no emulator answers there.`,
    );
  }
  return { kind, target, folder, close: () => removed(folder) };
}

async function fresh(folder: LocalFolder): Promise<OpenedEmulator> {
  const { AWS_ENDPOINT_URL: _other, ...environment } = process.env;
  const target = awsTarget({
    ...environment,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}`,
  });
  await installMinistack(folder.ministack);
  const mails = await openMailCatcher();
  const close = async (): Promise<void> => {
    await stopBackground(folder.state, ministackName);
    await mails.close();
    await removed(folder);
  };
  try {
    await startMinistack({
      target,
      environment: folder.ministack,
      folder: folder.state,
      smtp: mails.smtp,
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { kind: 'ministack', target, folder, tagsUrl: mails.url, close };
}

const base = resolve('.kalcifer');
/** Says which process it belongs to. */
const prefix = 'e2e-';

/** MiniStack is installed where `npm run local:up` has it; everything else is this run's own. */
function freshFolder(): LocalFolder {
  const { ministack } = localFolder(base);
  mkdirSync(base, { recursive: true });
  return { ...localFolder(mkdtempSync(join(base, `${prefix}${process.pid}-`))), ministack };
}

/** What a run has left that was killed: the emulator does not end with it. */
async function removeAbandoned(): Promise<void> {
  for (const name of existsSync(base) ? readdirSync(base) : []) {
    const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || processExists(Number(pid))) continue;
    const folder = localFolder(join(base, name));
    await stopBackground(folder.state, ministackName);
    await removed(folder);
  }
}

function removed(folder: LocalFolder): Promise<void> {
  rmSync(resolve(folder.state, '..'), { recursive: true, force: true });
  return Promise.resolve();
}
