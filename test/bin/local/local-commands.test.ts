/** The local loop's commands where there is nothing, or the wrong thing, to talk to. With an emulator: `test/e2e/`. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createPlainServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
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

  it('starts nothing on another machine', async () => {
    const { code, stderr } = await local('http://emulator.invalid:4566', 'up');
    expect([code, stderr]).toEqual([1, expect.stringContaining('[local.endpoint_elsewhere]')]);
  });

  it('never takes AWS itself for an emulator', async () => {
    const { stderr } = await local('https://sqs.eu-west-1.amazonaws.com', 'up');
    expect(stderr).toContain('[local.endpoint_is_aws]');
  });
});

describe('kalcifer local deploy, event and watch', () => {
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
  it('is content when nothing was up', async () => {
    const { code, stdout } = await local(await nobody(), 'down');
    expect([code, stdout]).toEqual([0, 'nothing was up\n']);
  });
});
