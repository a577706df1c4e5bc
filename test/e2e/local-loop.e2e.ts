/** The commands of the local loop, as a developer types them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import { listenerAt } from '../../bin/local/emulator-at.ts';
import { localFolder } from '../../bin/local/local-folder.ts';
import { runCliInWith, type CliResult } from '../support/run-cli.ts';
import { freePort } from './support/free-port.ts';
import { until } from './support/waiting-until.ts';

const place = inject('place');

/** Tests run side by side: what is to be done after one is told to that one. */
function workFolder({ onTestFinished }: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kalcifer-loop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, '.kalcifer', 'local'), { recursive: true });
  return folder;
}

describe.concurrent('the local loop', () => {
  it('puts an event on the bus, and shows the execution that comes of it and where its customer is', async (context) => {
    const folder = workFolder(context);
    const outputs = localFolder(join(folder, '.kalcifer')).outputs(place.stage);
    writeFileSync(outputs, JSON.stringify({ stack: place.outputs }));
    const local = (...args: string[]): Promise<CliResult> =>
      runCliInWith(folder, { AWS_ENDPOINT_URL: place.endpoint }, 'local', ...args);
    const customer = `loop-${randomUUID().slice(0, 8)}`;
    const of = ['--stage', place.stage];

    const sent = await local('event', ...of, 'acme', customer, 'cart_updated', '{"items":2}');
    expect(sent.stderr).toBe('');
    expect(sent.stdout).toMatch(
      new RegExp(
        `^sent cart_updated of ${customer} \\(tenant acme\\) to the bus kalcifer-${place.stage}: event \\S+\\n$`,
      ),
    );
    const line = await until('the table shows the customer', async () => {
      const shown = await local('watch', ...of, '--once', '--rows', '200');
      expect(shown.stderr).toBe('');
      return shown.stdout
        .split('\n')
        .find((one) => one.includes(customer) && one.includes('until'));
    });
    expect(line).toMatch(
      new RegExp(
        `^\\S+-1 +kalcifer-${place.stage}-abandoned-cart-v1 +RUNNING +acme +${customer} +waiting +ordered_anyway \\(until [-\\d]+ [:\\d]+\\) +\\d+`,
      ),
    );
  });

  it('says when a stage is not deployed', async (context) => {
    const endpoint = { AWS_ENDPOINT_URL: place.endpoint };
    const args = ['local', 'event', '--stage', 'elsewhere', 'acme', 'ada', 'go'];
    const { code, stderr } = await runCliInWith(workFolder(context), endpoint, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no bus "kalcifer-elsewhere"');
  });

  it.skipIf(place.emulator !== 'ministack')(
    'starts MiniStack once, for the account and Region of the variables, and takes it down again',
    async (context) => {
      const folder = workFolder(context);
      // As installed for all: `local up` would install it into this folder otherwise.
      for (const installed of ['ministack', 'chdb']) {
        symlinkSync(resolve('.kalcifer', installed), join(folder, '.kalcifer', installed));
      }
      const endpoint = `http://localhost:${await freePort()}`;
      const clickhousePorts = [await freePort(), await freePort()];
      const variables = {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: '111122223333',
        AWS_SECRET_ACCESS_KEY: 'hush-hush',
      };
      const local = (...args: string[]): Promise<CliResult> =>
        runCliInWith(folder, variables, 'local', ...args);
      context.onTestFinished(async () => {
        await local('down');
      });

      const up = await local('up', '--ministack');
      expect([up.code, up.stderr]).toEqual([0, '']);
      expect(up.stdout).toContain('Bootstrapping the CDK for account 111122223333 in eu-central-1');
      expect(up.stdout).toContain(`export AWS_ENDPOINT_URL=${endpoint}\n`);
      expect(up.stdout).not.toContain('hush-hush');
      expect(await listenerAt(new URL(endpoint))).toBe('ministack');

      // ClickHouse besides, and then on another port: its folder is for one.
      for (const port of clickhousePorts) {
        const options = ['--clickhouse', '--clickhouse-port', String(port)];
        const again = await local('up', '--ministack', ...options);
        expect([again.code, again.stderr]).toEqual([0, '']);
        expect(again.stdout).toContain(`running what was started before, at ${endpoint}`);
      }
      const pings = clickhousePorts.map((port) => new URL(`http://127.0.0.1:${port}/ping`));
      const answering = (): Promise<readonly boolean[]> =>
        Promise.all(
          pings.map((ping) =>
            fetch(ping).then(
              ({ ok }) => ok,
              () => false,
            ),
          ),
        );
      expect(await answering()).toEqual([false, true]);

      const down = await local('down');
      expect(down.stdout).toMatch(/^down .*\.kalcifer\/local is removed$/m);
      expect(await listenerAt(new URL(endpoint))).toBe('nobody');
      expect(await answering()).toEqual([false, false]);
    },
  );
});
