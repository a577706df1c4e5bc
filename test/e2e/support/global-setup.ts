/** Before the end-to-end tests: an emulator, and the app deployed to it with two tenants. Afterwards: both gone. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { deployApp, destroyApp, type DeployOptions } from '../../../bin/local/deploy.ts';
import { openEmulator } from './emulator.ts';
import { addUsagePlan } from './tenants.ts';

const stage = 'e2e';
const tenants = ['acme', 'globex'];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = await timed('emulator', () => openEmulator());
  const { kind, target, folder, tagsUrl } = emulator;
  const options: DeployOptions = {
    target,
    folder,
    stage,
    tenants: tenants.join(','),
    mailFrom: 'Kalcifer <kalcifer@example.com>',
    context: [],
  };
  try {
    // Tests that need a ClickHouse would all install it at once; those that do not need one go on without.
    const clickhouse = timed('clickhouse', () => installChdb()).catch(console.error);
    const { apiUrl, outputs } = await timed('deployment', () => deployApp(options, 'kept'));
    await clickhouse;
    project.provide('place', {
      endpoint: target.endpoint.origin,
      emulator: kind,
      stage,
      tenants,
      apiUrl,
      outputs,
      usagePlan: await addUsagePlan(apiUrl),
      ...(tagsUrl === undefined ? {} : { tagsUrl }),
    });
  } catch (error) {
    await emulator.close();
    throw error;
  }
  return async () => {
    try {
      // A MiniStack of our own goes with everything that is in it.
      if (kind === 'localstack') await destroyApp(options, 'kept');
    } finally {
      await emulator.close();
    }
  };
}

async function installChdb(): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/ensure-chdb.mjs']);
}

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
