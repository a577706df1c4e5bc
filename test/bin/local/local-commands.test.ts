/** The local loop's commands where there is nothing, or the wrong thing, to talk to. With an emulator: `test/e2e/`. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createPlainServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isRunning, startInBackground, stopBackground } from '../../../bin/local/background.ts';
import { localFolder } from '../../../bin/local/local-folder.ts';
import { ministackName } from '../../../bin/local/start-ministack.ts';
import { takeLock } from '../../../lib/local/process-lock.ts';
import { runCliInWith } from '../../support/run-cli.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-loop-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** Answers as an emulator's own page does, and everything else with an error. */
function emulator(): Promise<string> {
  return listening(
    createServer((request, response) => {
      response.statusCode = request.url === '/_localstack/health' ? 200 : 404;
      response.end('{}');
    }),
  );
}

/** A port where nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  const url = await listening(server);
  server.close();
  await once(server, 'close');
  return url;
}

const local = (endpoint: string, ...args: string[]): ReturnType<typeof runCliInWith> =>
  runCliInWith(folder, { AWS_ENDPOINT_URL: endpoint }, 'local', ...args);

describe('kalcifer local up', () => {
  it.each([
    ['speaks HTTP', () => createServer((_, response) => response.writeHead(404).end())],
    ['does not', () => createPlainServer((socket) => socket.end('220 mail\r\n'))],
  ])('does not take a port where something listens that %s', async (_, server) => {
    const endpoint = await listening(server());
    const { code, stderr } = await local(endpoint, 'up', '--ministack');
    expect(code).toBe(1);
    expect(stderr).toContain('is taken by something that emulates no AWS');
    expect(stderr).toContain('AWS_ENDPOINT_URL=http://localhost:4577 npm run local:up');
    expect(stderr).toContain('[local.port_taken]');
  });

  it.each(['http://emulator.invalid:4566', 'http://[::1]:45666'])(
    'starts nothing where it would not be found: %s',
    async (endpoint) => {
      const { code, stderr } = await local(endpoint, 'up', '--ministack');
      expect([code, stderr]).toEqual([1, expect.stringContaining('[local.endpoint_elsewhere]')]);
    },
  );

  it('never takes AWS itself for an emulator', async () => {
    const { stderr } = await local('https://sqs.eu-west-1.amazonaws.com', 'up');
    expect(stderr).toContain('[local.endpoint_is_aws]');
  });
});

describe('kalcifer local up, again', () => {
  it('starts no second MiniStack beside its own, which "down" would not find', async () => {
    const endpoint = await nobody();
    const { state } = localFolder(join(folder, '.kalcifer'));
    const own = startInBackground({
      name: ministackName,
      folder: state,
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      environment: {},
    });
    onTestFinished(async () => {
      await stopBackground(state, ministackName);
    });
    const before = {
      emulator: 'ministack',
      endpoint: 'http://localhost:1',
      account: '111122223333',
    };
    await writeFile(join(state, 'loop.json'), JSON.stringify(before));

    const elsewhere = await local(endpoint, 'up', '--ministack');
    expect(elsewhere.stderr).toContain(
      'MiniStack runs already, at http://localhost:1 for account 111122223333',
    );
    expect(elsewhere.stderr).toContain('npm run local:down');
    const other = await local('http://localhost:1', 'up', '--ministack');
    expect(other.stderr).toContain('[local.up_otherwise]');
    expect(isRunning(own)).toBe(true);

    expect((await local(endpoint, 'down')).stdout).toContain('down ');
    expect(isRunning(own)).toBe(false);
  });

  it('waits for nobody: while another brings up or down, it says so', async () => {
    const { state } = localFolder(join(folder, '.kalcifer'));
    await mkdir(state, { recursive: true });
    const lock = await takeLock(state);
    expect(lock).not.toHaveProperty('lockedBy');
    for (const command of ['up', 'down']) {
      const { code, stderr } = await local(await nobody(), command);
      expect([code, stderr]).toEqual([1, expect.stringContaining('[local.busy]')]);
      expect(stderr).toContain(`Process ${process.pid} `);
    }
  });
});

describe.skipIf(process.platform === 'win32')('kalcifer local up with Docker', () => {
  it('gives containers their ports, and can take down what was interrupted', async () => {
    const endpoint = await nobody();
    const calls = join(folder, 'calls.txt');
    const docker = `#!/bin/sh
      [ "$1" = version ] && echo 28.0
      case "$*" in *" up "*|*" down "*) echo "$* $KALCIFER_EMULATOR_PORT $KALCIFER_CLICKHOUSE_PORT" >> ${calls};; esac
      case "$*" in *" up "*) exit 1;; esac`;
    await writeFile(join(folder, 'docker'), docker, { mode: 0o755 });
    const environment = {
      AWS_ENDPOINT_URL: endpoint,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    };
    const dockerLocal = (...args: string[]): ReturnType<typeof runCliInWith> =>
      runCliInWith(folder, environment, 'local', ...args);

    const up = await dockerLocal('up', '--clickhouse-port', '8777');
    expect(up.stderr).toContain('"docker compose up" failed; its own words are above.');
    const down = await dockerLocal('down');
    expect([down.code, down.stderr]).toEqual([0, '']);
    const { port } = new URL(endpoint);
    expect((await readFile(calls, 'utf8')).trim().split('\n')).toEqual([
      expect.stringMatching(new RegExp(` up .* ${port} 8777$`)),
      expect.stringContaining(' down --volumes'),
    ]);
  });
});

describe('kalcifer local deploy, event and watch', () => {
  it('wait for an emulator that is busy', async () => {
    const endpoint = await listening(
      createServer((_, response) => void setTimeout(() => response.end('{}'), 2_500)),
    );
    const { stderr } = await local(endpoint, 'watch', '--once');
    expect(stderr).toContain('[local.not_deployed]');
  });

  it('say so when the emulator ends while it is watched', async () => {
    const server = createServer((request, response) => {
      if (request.method === 'GET') response.end('{}');
      else {
        server.close();
        server.closeAllConnections();
      }
    });
    const endpoint = await listening(server);
    const { state, outputs } = localFolder(join(folder, '.kalcifer'));
    await mkdir(state, { recursive: true });
    const stack = { ApiUrl: 'https://a1.execute-api.us-east-1.amazonaws.com/api/' };
    await writeFile(outputs('dev'), JSON.stringify({ stack }));
    const { code, stderr } = await local(endpoint, 'watch');
    expect([code, stderr]).toEqual([1, expect.stringContaining('[local.nobody_answers]')]);
    expect(stderr).not.toMatch(/\n +at /);
  });

  it('say how to start an emulator when none answers', async () => {
    const endpoint = await nobody();
    await writeFile(join(folder, 'cdk.json'), '{}');
    for (const args of [['deploy'], ['event', 'acme', 'ada', 'go'], ['watch', '--once']]) {
      const { code, stderr } = await local(endpoint, ...args);
      expect(code).toBe(1);
      expect(stderr).toBe(
        `error No emulator of AWS answers at ${endpoint}. Start one with "npm run local:up", or say where it is with AWS_ENDPOINT_URL. [local.nobody_answers]\n`,
      );
    }
  });

  it('say what is missing here', async () => {
    const endpoint = await emulator();
    expect((await local(endpoint, 'deploy')).stderr).toContain('[local.no_app]');
    expect((await local(endpoint, 'watch', '--once')).stderr).toContain('[local.not_deployed]');
    expect((await local(endpoint, 'event', 'acme', 'ada', 'go', '[1]')).stderr).toContain(
      '[file.unreadable]',
    );
    expect((await local(endpoint, 'deploy', '--context', 'x')).stderr).toContain(
      '--context takes name=value, not "x".',
    );
  });
});

describe('kalcifer local down', () => {
  it('removes what installations have left that were killed, with MiniStack itself', async () => {
    // No process has such a number.
    const halfMade = join(folder, '.kalcifer', 'ministack.4999999');
    const inTheMaking = join(folder, '.kalcifer', `ministack.${process.pid}`);
    await mkdir(halfMade, { recursive: true });
    await mkdir(inTheMaking);
    expect((await local(await nobody(), 'down', '--purge')).code).toBe(0);
    expect(await readdir(join(folder, '.kalcifer'))).toEqual([basename(inTheMaking)]);
  });

  it('is content when nothing was up', async () => {
    const { code, stdout } = await local(await nobody(), 'down');
    expect([code, stdout]).toEqual([0, 'nothing was up\n']);
  });
});
