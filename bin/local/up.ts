/**
 * `kalcifer local up`: an AWS on this machine that the app can be deployed to. In containers where a Docker engine answers, else
 * MiniStack in a Python environment of its own.
 */
import { connect } from 'node:net';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { paint } from '../terminal/paint.ts';
import { step } from '../terminal/step.ts';
import { alone } from './alone.ts';
import { emulatorSecret, type AwsTarget } from './aws-target.ts';
import { findBackground, isRunning, stopBackground } from './background.ts';
import { composeUp, dockerEngine } from './docker.ts';
import { listenerAt, untilReady } from './emulator-at.ts';
import { installMinistack, isInstalled, ministackVersion } from './install-ministack.ts';
import type { LocalFolder } from './local-folder.ts';
import { readLoop, saveLoop, type Loop } from './loop-record.ts';
import { runCdk } from './run-cdk.ts';
import { clickhouseName, startClickhouse } from './start-clickhouse.ts';
import { ministackName, patienceMs, startMinistack } from './start-ministack.ts';

export interface UpOptions {
  readonly target: AwsTarget;
  readonly folder: LocalFolder;
  /** MiniStack even where Docker is there. */
  readonly ministack: boolean;
  readonly clickhouse: boolean;
  readonly clickhousePort: number;
}

type Say = (line?: string) => void;

export function bringUp(options: UpOptions, say: Say): Promise<void> {
  return alone(options.folder, () => bringAllUp(options, say));
}

async function bringAllUp(options: UpOptions, say: Say): Promise<void> {
  const { target, folder } = options;
  const emulator = await ensureEmulator(options, say);
  const clickhouseUrl = await ensureClickhouse(options, emulator);
  const loop = loopOf(target, emulator);
  saveLoop(folder, { ...loop, ...(clickhouseUrl === undefined ? {} : { clickhouseUrl }) });
  await step(`Bootstrapping the CDK for account ${target.account} in ${target.region}`, () =>
    runCdk({
      args: [
        ...['bootstrap', `aws://${target.account}/${target.region}`],
        ...['--output', folder.cloudAssembly('bootstrap')],
      ],
      target,
      folder,
      output: 'kept',
    }),
  );
  tellNext(target, folder, say);
}

async function ensureEmulator(options: UpOptions, say: Say): Promise<Loop['emulator']> {
  const { target, folder } = options;
  const { endpoint } = target;
  await checkOwn(options, say);
  switch (await listenerAt(endpoint)) {
    case 'ministack':
    case 'localstack': {
      const isOurs =
        findBackground(folder.state, ministackName) !== undefined ||
        readLoop(folder)?.emulator === 'localstack';
      say(
        isOurs
          ? `  ${paint('dim', 'running')} what was started before, at ${endpoint.origin}`
          : `  ${paint('dim', 'found')} an emulator of AWS at ${endpoint.origin}; it was not started here, and is used as it is`,
      );
      return isOurs ? (readLoop(folder)?.emulator ?? 'ministack') : 'found';
    }
    case 'other':
      throw portTaken(endpoint);
    case 'nobody':
      break;
  }
  checkIsHere(endpoint);
  if (await isTaken(endpoint)) throw portTaken(endpoint);
  return startEmulator(options, say);
}

/**
 * MiniStack that was started before is one that this call means too, and answers; or it is stopped.
 *
 * @throws KalciferError `local.up_otherwise`
 */
async function checkOwn({ target, folder }: UpOptions, say: Say): Promise<void> {
  const own = findBackground(folder.state, ministackName);
  if (own === undefined) return;
  const { endpoint, account } = readLoop(folder) ?? loopOf(target, 'ministack');
  if (endpoint !== target.endpoint.origin || account !== target.account) {
    throw new KalciferError(
      'local.up_otherwise',
      `MiniStack runs already, at ${endpoint} for account ${account}; asked for is ${target.endpoint.origin} for account ${target.account}. Stop it with "npm run local:down", or set AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_ACCOUNT_ID as they were.`,
    );
  }
  if (await untilReady(target.endpoint, () => isRunning(own), patienceMs)) return;
  say('  What was started before does not answer any more, and is started again.');
  await stopBackground(folder.state, ministackName);
}

function loopOf({ endpoint, account }: AwsTarget, emulator: Loop['emulator']): Loop {
  return { emulator, endpoint: endpoint.origin, account };
}

async function startEmulator(
  { target, folder, ministack, clickhousePort }: UpOptions,
  say: Say,
): Promise<'localstack' | 'ministack'> {
  const engine = ministack ? 'unwanted' : dockerEngine();
  if (engine === 'ready') {
    say('  A Docker engine answers: LocalStack and ClickHouse in containers.');
    // Before it is there: who is interrupted can take down what came up so far.
    saveLoop(folder, loopOf(target, 'localstack'));
    composeUp(target, clickhousePort);
    return 'localstack';
  }
  if (engine === 'none') say('  No Docker engine answers: MiniStack, on Python.');
  if (engine === 'no_compose') {
    say('  Docker answers, but "docker compose" is missing: MiniStack, on Python.');
  }
  if (!isInstalled(folder.ministack)) {
    await step(`Installing MiniStack ${ministackVersion} (once)`, () =>
      installMinistack(folder.ministack),
    );
  }
  saveLoop(folder, { ...readLoop(folder), ...loopOf(target, 'ministack') });
  const server = await step(`Starting MiniStack ${ministackVersion}`, () =>
    startMinistack({ target, environment: folder.ministack, folder: folder.state }),
  );
  say(`  ${paint('dim', `process ${server.pid}, log ${server.log}`)}`);
  return 'ministack';
}

/** Containers bring their own. */
async function ensureClickhouse(
  { folder, clickhouse, clickhousePort }: UpOptions,
  emulator: Loop['emulator'],
): Promise<string | undefined> {
  if (emulator === 'localstack') return 'http://clickhouse:8123';
  if (!clickhouse) {
    // One that has ended since would be told to the next deployment.
    const isThere = findBackground(folder.state, clickhouseName) !== undefined;
    return isThere ? readLoop(folder)?.clickhouseUrl : undefined;
  }
  return step('Starting ClickHouse', () => startClickhouse(folder, clickhousePort));
}

function tellNext({ endpoint, variables }: AwsTarget, folder: LocalFolder, say: Say): void {
  say();
  say(`${paint('green', 'ready')} ${endpoint.origin}`);
  say();
  say(paint('dim', 'For the aws command line, in your shell:'));
  for (const [name, value] of Object.entries(variables)) {
    const isSecret = name === 'AWS_SECRET_ACCESS_KEY' && value !== emulatorSecret;
    say(isSecret ? `  # ${name} stays as you have set it` : `  export ${name}=${value}`);
  }
  say();
  say(paint('dim', 'Try next:'));
  say('  npm run local:deploy');
  say(`  npm run local:down      ${paint('dim', `removes ${folder.state} again`)}`);
}

function checkIsHere({ hostname, origin, protocol }: URL): void {
  const isHere = ['localhost', '127.0.0.1', '0.0.0.0'].includes(hostname);
  if (isHere && protocol === 'http:') return;
  throw new KalciferError(
    'local.endpoint_elsewhere',
    `Nothing answers at ${origin} (AWS_ENDPOINT_URL), and only http://localhost:<port> can be started from here. Start what should answer there, or unset AWS_ENDPOINT_URL.`,
  );
}

function portTaken({ port, origin }: URL): KalciferError {
  return new KalciferError(
    'local.port_taken',
    `Port ${port || '80'} is taken by something that emulates no AWS (${origin}). Stop it, or choose another port: AWS_ENDPOINT_URL=http://localhost:4577 npm run local:up (and the same for the other local: commands).`,
  );
}

/** What listens there may not speak HTTP at all. */
function isTaken({ port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port || '80') });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
