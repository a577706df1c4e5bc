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
export function composeUp(target: AwsTarget, clickhousePort: number): void {
  const done = compose(['up', '--detach', '--wait', '--wait-timeout', '180'], {
    KALCIFER_EMULATOR_PORT: target.endpoint.port || '80',
    KALCIFER_CLICKHOUSE_PORT: String(clickhousePort),
  });
  if (!done) {
    throw failed(
      'up',
      'To go without Docker: npm run local:down, then npm run local:up -- --ministack',
    );
  }
}

/** Containers and volumes are removed. @throws KalciferError `local.docker_failed` */
export function composeDown(): void {
  if (compose(['down', '--volumes', '--remove-orphans'])) return;
  throw failed('down', 'When Docker runs again: npm run local:down');
}

function compose(args: readonly string[], ports: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync('docker', ['compose', '--file', composeFile, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...ports },
  });
  return status === 0;
}

function failed(command: string, next: string): KalciferError {
  return new KalciferError(
    'local.docker_failed',
    `"docker compose ${command}" failed; its own words are above. ${next}`,
  );
}
