/** Commands that work on a running Kalcifer: caps and enrol, over a real socket. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readSecret } from '../../lib/engine/secrets/secrets.ts';
import { serveHttp } from '../../lib/local/http-server.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { waitJourney } from '../support/graphs.ts';
import { runCliWith, type CliResult } from '../support/run-cli.ts';

let api: ApiHarness;
let url: string;

beforeEach(async () => {
  api = await apiHarness();
  const server = await serveHttp((request) => api.fetch(request), { host: '127.0.0.1', port: 0 });
  url = server.url;
  onTestFinished(() => server.close());
});

const cli = (...args: string[]): Promise<CliResult> =>
  runCliWith({ KALCIFER_URL: url, KALCIFER_KEY: api.keys.T1 }, ...args);

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kalcifer-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'customers.txt');
  await writeFile(path, text);
  return path;
}

describe('kalcifer secrets', () => {
  it('makes one, sets one from a file, names them, and forgets one', async () => {
    expect(await cli('secrets')).toEqual({ code: 0, stdout: 'no secrets\n', stderr: '' });
    const made = await cli('secrets', 'webhook-signing');
    expect(made.stdout).toMatch(/^whsec_[\w-]{43}\n$/);
    const set = await cli('secrets', 'crm', '--from', await file('shared with the crm\n'));
    expect(set).toEqual({ code: 0, stdout: 'crm is set\n', stderr: '' });
    expect(await readSecret(api.ctx, { tenant: 'T1', secret: 'crm' })).toBe('shared with the crm');
    expect((await cli('secrets')).stdout).toBe(
      'crm  set 2026-01-01T00:00:00.000Z\nwebhook-signing  set 2026-01-01T00:00:00.000Z\n',
    );
    expect((await cli('secrets', 'crm', '--forget')).stdout).toBe('crm is forgotten\n');
    expect((await cli('secrets', 'crm', '--forget')).stderr).toBe(
      'error There is no secret "crm". [secret.unknown]\n',
    );
  });

  it('tells what is wrong without the value', async () => {
    const refused = await cli('secrets', 'crm', '--from', await file('tiny'));
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('value is shorter than 8 bytes');
    expect(refused.stderr).not.toContain('tiny');
    const missing = await cli('secrets', 'crm', '--from', '/nowhere/at/all');
    expect(missing.stderr).toBe(
      'error The file "/nowhere/at/all" cannot be read. [file.unreadable]\n',
    );
  });
});

describe('kalcifer caps', () => {
  it('shows none, sets them, shows them, and removes them', async () => {
    expect(await cli('caps')).toEqual({ code: 0, stdout: 'no caps\n', stderr: '' });
    const set = await cli('caps', 'email=3/1d', 'all=5/7d');
    expect(set).toEqual({ code: 0, stdout: 'email=3/1d\nall=5/1w\n', stderr: '' });
    expect((await cli('caps')).stdout).toBe('email=3/1d\nall=5/1w\n');
    expect((await cli('caps', '--none')).stdout).toBe('no caps\n');
    const both = await cli('caps', '--none', 'email=1/1d');
    expect([both.code, both.stderr]).toEqual([
      1,
      'error Name caps, or set none with --none: not both. [caps.invalid]\n',
    ]);
  });

  it('tells what is wrong with a cap, and changes nothing', async () => {
    const refused = await cli('caps', 'fax=3/1d');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('caps[0].channel must be one of');
    expect(refused.stderr).toContain('[caps.invalid]');
    const misspelt = await cli('caps', 'email:3');
    expect([misspelt.code, misspelt.stderr]).toEqual([
      1,
      'error "email:3" is not a cap; write channel=messages/time, for example email=3/1d. [caps.invalid]\n',
    ]);
    expect(api.table.groups).toEqual([]);
  });

  it('says in one sentence that the key is missing or wrong, or that nothing is there', async () => {
    const keyless = await runCliWith({ KALCIFER_URL: url, KALCIFER_KEY: '' }, 'caps');
    expect([keyless.code, keyless.stderr]).toEqual([
      1,
      'error Put your API key into the environment variable KALCIFER_KEY. [key.missing]\n',
    ]);
    const wrong = await runCliWith({ KALCIFER_URL: url, KALCIFER_KEY: 'kal_x' }, 'caps');
    expect(wrong.stderr).toBe('error This API key is not known. [key.unknown]\n');
    const free = createServer();
    await once(free.listen(0, '127.0.0.1'), 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const gone = await cli('caps', '--url', `http://127.0.0.1:${port}`);
    expect([gone.code, gone.stderr]).toEqual([
      1,
      `error Nothing answers at http://127.0.0.1:${port}; start it with "kalcifer dev", or say where it is with --url. [api.unreachable]\n`,
    ]);
  });

  it('notices that something else answers there', async () => {
    const other = createServer((_request, response) => response.end('hello'));
    await once(other.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    expect((await cli('caps', '--url', `http://127.0.0.1:${port}`)).stderr).toBe(
      'error What answers there is not Kalcifer (200). [api.unreachable]\n',
    );
  });
});

describe('kalcifer enrol', () => {
  beforeEach(async () => {
    await api.call('POST', '/v1/journeys/J/publish', { graph: waitJourney() });
  });

  it('enrols the customers of a file and tells who is refused', async () => {
    const path = await file(
      [
        'c1',
        '',
        '{"customer_id": "c2", "entry": "entry_1"}',
        'c1',
        '{"customer_id":"c3","entry":"x"}',
        '',
      ].join('\n'),
    );
    expect(await cli('enrol', 'J', path)).toEqual({
      code: 0,
      stdout: [
        'line 4: The customer is in journey "J" already.',
        'line 5: Journey "J" has no entry node "x".',
        '2 enrolled, 2 refused',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('sends more than a batch holds in several', async () => {
    const path = await file(Array.from({ length: 501 }, (_, n) => `c${n}`).join('\n'));
    expect((await cli('enrol', 'J', path)).stdout).toBe('501 enrolled, 0 refused\n');
  });

  it('given again with the same name of the run, enrols nobody twice', async () => {
    const path = await file('c1\nc2\n');
    expect((await cli('enrol', 'J', path, '--run', 'spring')).stdout).toBe(
      '2 enrolled, 0 refused\n',
    );
    expect((await cli('enrol', 'J', path, '--run', 'spring')).stdout).toBe(
      '2 enrolled, 0 refused\n',
    );
    expect((await api.call('GET', '/v1/journeys/J/instances')).body.instances).toHaveLength(2);
  });

  it('tells an unreadable file, a malformed line and an unknown journey', async () => {
    expect((await cli('enrol', 'J', '/nowhere/at/all')).stderr).toBe(
      'error /nowhere/at/all cannot be read. [file.unreadable]\n',
    );
    const path = await file('c1\n{"customer_id": }\n');
    expect((await cli('enrol', 'J', path)).stderr).toBe(
      `error ${path}:2 is neither a customer id nor a JSON object. [file.malformed]\n`,
    );
    const unknown = await cli('enrol', 'K', await file('c1\n'));
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      'error There is no journey "K". [journey.unknown]\n',
    ]);
  });
});
