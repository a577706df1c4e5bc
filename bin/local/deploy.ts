/** `kalcifer local deploy`: `cdk deploy` of the app onto the emulator, without what emulators lack. */
import { apiGatewayKeys } from '../../lib/adapters/aws/api-gateway-keys.ts';
import { senderIdentity } from '../../lib/adapters/aws/sender-identity.ts';
import { apiKeyOutput } from '../../lib/cdk/physical-names.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { paint } from '../terminal/paint.ts';
import { step } from '../terminal/step.ts';
import type { AwsTarget } from './aws-target.ts';
import { readDeployment, type Deployment } from './deployment.ts';
import { listenerAt } from './emulator-at.ts';
import type { LocalFolder } from './local-folder.ts';
import { readLoop } from './loop-record.ts';
import { checkApp, runCdk, type CdkCall } from './run-cdk.ts';

export interface DeployOptions {
  readonly target: AwsTarget;
  readonly folder: LocalFolder;
  readonly stage: string;
  readonly tenants: string;
  readonly mailFrom: string;
  /** `name=value`, passed on to the app. */
  readonly context: readonly string[];
}

/** @throws KalciferError `local.nobody_answers`, `local.no_app`, `local.cdk_failed` */
export async function deploy(options: DeployOptions, say: (line?: string) => void): Promise<void> {
  const { stage, target } = options;
  // In a terminal the CDK draws its own progress.
  if (process.stdout.isTTY) {
    say(
      `  Deploying stage "${stage}" to ${target.endpoint.origin}; the CDK reads the app first ...`,
    );
    await deployApp(options, 'shown');
  } else {
    await step(`Deploying stage "${stage}" to ${target.endpoint.origin}`, () =>
      deployApp(options, 'kept'),
    );
  }
  await tellDeployed(options, say);
}

/** @throws KalciferError `local.nobody_answers`, `local.no_app`, `local.cdk_failed` */
export async function deployApp(
  options: DeployOptions,
  output: CdkCall['output'],
): Promise<Deployment> {
  const { target, folder, stage } = options;
  checkApp();
  await checkAnswers(target);
  await senderIdentity().verify(addressOf(options.mailFrom));
  await runCdk({
    args: [
      ...['deploy', '--all', '--require-approval', 'never', '--progress', 'bar'],
      ...['--output', folder.cloudAssembly(stage), '--outputs-file', folder.outputs(stage)],
      ...contextOf(options),
    ],
    target,
    folder,
    output,
  });
  return readDeployment(folder, stage, target);
}

/** @throws KalciferError `local.cdk_failed` */
export async function destroyApp(options: DeployOptions, output: CdkCall['output']): Promise<void> {
  const { target, folder, stage } = options;
  await runCdk({
    args: [
      ...['destroy', '--all', '--force', '--output', folder.cloudAssembly(stage)],
      ...contextOf(options),
    ],
    target,
    folder,
    output,
  });
}

/** @throws KalciferError `local.nobody_answers` */
export async function checkAnswers({ endpoint }: AwsTarget): Promise<void> {
  const listener = await listenerAt(endpoint);
  if (listener === 'ministack' || listener === 'localstack') return;
  throw new KalciferError(
    'local.nobody_answers',
    `No emulator of AWS answers at ${endpoint.origin}. Start one with "npm run local:up", or say where it is with AWS_ENDPOINT_URL.`,
  );
}

/** What both need to know, or the app that is destroyed would not be the one that was deployed. */
function contextOf(options: DeployOptions): readonly string[] {
  return contextPairs(options).flatMap((pair) => ['--context', pair]);
}

function contextPairs({ stage, tenants, mailFrom, folder, context }: DeployOptions): string[] {
  const clickhouseUrl = readLoop(folder)?.clickhouseUrl;
  return [
    'emulator=true',
    `stage=${stage}`,
    `tenants=${tenants}`,
    `mailFrom=${mailFrom}`,
    ...(clickhouseUrl === undefined ? [] : [`clickhouseUrl=${clickhouseUrl}`]),
    ...context,
  ];
}

/** `Ada <ada@example.com>` and `ada@example.com`. */
function addressOf(sender: string): string {
  return /<([^<>]+)>\s*$/.exec(sender)?.[1] ?? sender;
}

async function tellDeployed(
  { folder, stage, target, tenants }: DeployOptions,
  say: (line?: string) => void,
): Promise<void> {
  const { apiUrl, outputs } = readDeployment(folder, stage, target);
  // As the app reads them.
  const [tenant = 'default'] = tenants.split(',').flatMap((name) => name.trim() || []);
  const key = await apiGatewayKeys().valueOf(outputs[apiKeyOutput(tenant)] ?? '');
  const of = stage === 'dev' ? '' : `--stage ${stage} `;
  say();
  say(`${paint('green', 'deployed')} stage "${stage}" to ${target.endpoint.origin}`);
  say(`  ${paint('dim', 'HTTP API')}  ${apiUrl}`);
  say();
  say(paint('dim', `The API in the name of ${tenant}, and a customer who can get mail:`));
  say(`  export KALCIFER_URL=${apiUrl} KALCIFER_KEY=${key ?? ''}`);
  say(`  curl -X PUT "${apiUrl}v1/customers/ada" -H "x-api-key: $KALCIFER_KEY" \\`);
  say(`    -H 'content-type: application/json' -d '{"email":"ada@example.com"}'`);
  say();
  say(paint('dim', 'Try next:'));
  say(`  npm run local:event -- ${of}${tenant} ada signed_up`);
  say(`  npm run local:watch${of === '' ? '' : ` -- ${of}`}`);
  say(`  npm run local:event -- ${of}${tenant} ada email_opened`);
  say('  npm run kalcifer -- customer ada');
}
