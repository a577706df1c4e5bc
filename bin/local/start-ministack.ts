/** Starts MiniStack in the background, as published, on this machine only. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { AwsTarget } from './aws-target.ts';
import {
  isRunning,
  startInBackground,
  stopBackground,
  tailOf,
  type Background,
} from './background.ts';
import { untilReady } from './emulator-at.ts';
import { pythonIn } from './install-ministack.ts';

export interface MinistackOptions {
  readonly target: AwsTarget;
  /** The Python environment that it is installed in. */
  readonly environment: string;
  /** For its record, its log and what it keeps while it runs. */
  readonly folder: string;
  /** Mails are handed on to this SMTP server as well, `host:port`. */
  readonly smtp?: string;
}

export const ministackName = 'ministack';

/** To answer for the first time. */
export const patienceMs = 60_000;

/** @throws KalciferError `local.emulator_failed` */
export async function startMinistack(options: MinistackOptions): Promise<Background> {
  const { target, environment, folder } = options;
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  // It writes the CommonJS programs that run functions in there; the package around this folder says that programs are ES modules.
  writeFileSync(join(temporary, 'package.json'), '{}\n');
  const server = startInBackground({
    name: ministackName,
    folder,
    command: pythonIn(environment),
    args: ['-m', 'ministack'],
    environment: variables(options, temporary),
  });
  if (await untilReady(target.endpoint, () => isRunning(server), patienceMs)) return server;
  await stopBackground(folder, ministackName);
  throw new KalciferError(
    'local.emulator_failed',
    `MiniStack did not come up at ${target.endpoint.origin}. The end of its log (${server.log}):\n${tailOf(server.log)}`,
  );
}

/**
 * Everything that the server, and the functions it runs, see of the environment: what this shell has besides, keys and settings
 * among it, stays outside.
 */
function variables(
  { target, smtp }: MinistackOptions,
  temporary: string,
): Readonly<Record<string, string | undefined>> {
  const { HOME, USERPROFILE, SystemRoot, LANG, PATH = '' } = process.env;
  const { endpoint, account, region } = target;
  return {
    HOME,
    USERPROFILE,
    SystemRoot,
    LANG,
    // Functions run on the Node that runs this.
    PATH: `${dirname(process.execPath)}${delimiter}${PATH}`,
    TMPDIR: temporary,
    S3_DATA_DIR: join(temporary, 's3'),
    STATE_DIR: join(temporary, 'state'),
    GATEWAY_PORT: endpoint.port || '80',
    BIND_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: account,
    MINISTACK_REGION: region,
    // URLs of queues, and the endpoint of functions, are spelled as the caller spells them: clients warn of two spellings.
    MINISTACK_HOST: endpoint.hostname,
    AWS_ENDPOINT_URL: endpoint.origin,
    // It would cap concurrent functions by the machine's memory, and fail executions beyond.
    LAMBDA_ACCOUNT_CONCURRENCY: '1000000',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    NODE_NO_WARNINGS: '1',
    PYTHONUNBUFFERED: '1',
    ...(smtp === undefined ? {} : { SMTP_HOST: smtp }),
  };
}
