/** LocalStack and ClickHouse in containers, where a Docker engine answers. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { packageFolder } from '../../lib/release.ts';
import type { AwsTarget } from './aws-target.ts';

const composeFile = join(packageFolder, 'docker-compose.localstack.yml');
const askMs = 10_000;

/** `no_compose`: the engine answers, and the command line lacks `docker compose`. */
export function dockerEngine(): 'ready' | 'no_compose' | 'none' {
  const version = ['version', '--format', '{{.Server.Version}}'];
  const engine = spawnSync('docker', version, { encoding: 'utf8', timeout: askMs });
  if (engine.status !== 0 || engine.stdout.trim() === '') return 'none';
  const compose = spawnSync('docker', ['compose', 'version'], { timeout: askMs });
  return compose.status === 0 ? 'ready' : 'no_compose';
}

/** Returns when both are healthy. @throws KalciferError `local.docker_failed` */
export function composeUp(target: AwsTarget): void {
  compose(['up', '--detach', '--wait', '--wait-timeout', '180'], target);
}

/** Containers and volumes are removed. @throws KalciferError `local.docker_failed` */
export function composeDown(target: AwsTarget): void {
  compose(['down', '--volumes', '--remove-orphans'], target);
}

function compose(args: readonly string[], { endpoint }: AwsTarget): void {
  const done = spawnSync('docker', ['compose', '--file', composeFile, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, KALCIFER_EMULATOR_PORT: endpoint.port || '80' },
  });
  if (done.status === 0) return;
  throw new KalciferError(
    'local.docker_failed',
    `"docker compose ${args.join(' ')}" failed; its own words are above. To go without Docker: npm run local:up -- --ministack`,
  );
}
