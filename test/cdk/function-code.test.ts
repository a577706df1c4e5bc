/** The code of the functions as it is deployed: bundled, and loaded by a Node that has nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDeploymentStacks } from '../../lib/cdk/deployment-stacks.ts';

const outdir = mkdtempSync(join(tmpdir(), 'kalcifer-code-'));
const bundles = join(outdir, 'functions');

beforeAll(() => {
  addDeploymentStacks(new App({ outdir, context: { mailFrom: 'journeys@example.com' } }));
});

describe('a bundle', () => {
  it('is made of every folder of lambdas but the shared one', () => {
    const verbs = readdirSync('lambdas').filter((folder) => folder !== '_shared');
    expect(readdirSync(bundles).toSorted()).toEqual(verbs.toSorted());
  });

  it('brings everything along that its handler needs', () => {
    const script = `
      const handlers = [];
      for (const verb of process.argv.slice(1)) {
        const { handler } = await import(verb + '/index.mjs');
        handlers.push(typeof handler);
      }
      process.stdout.write(JSON.stringify(handlers));
    `;
    const folders = readdirSync(bundles).map((verb) => join(bundles, verb));
    const answer = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', script, ...folders],
      // Settings are there on Lambda, and none is read before the first call.
      { cwd: outdir, env: { AWS_REGION: 'eu-west-1' }, encoding: 'utf8' },
    );
    expect(JSON.parse(answer)).toEqual(folders.map(() => 'function'));
  });

  it('of the function that registers has the drawn versions and the templates beside it', () => {
    const folder = join(bundles, 'register-journeys');
    expect(readdirSync(folder).toSorted()).toEqual(['index.mjs', 'journeys', 'templates']);
    expect(readFileSync(join(folder, 'journeys/welcome/v1.journey.json'), 'utf8')).toBe(
      readFileSync('statemachines/welcome/v1.journey.json', 'utf8'),
    );
    expect(readdirSync(join(folder, 'journeys/welcome'))).toEqual(['v1.journey.json']);
    expect(readdirSync(join(folder, 'templates')).toSorted()).toEqual(
      readdirSync('templates').toSorted(),
    );
  });

  it('names no file of the machine that it was made on', () => {
    for (const verb of readdirSync(bundles)) {
      expect(readFileSync(join(bundles, verb, 'index.mjs'), 'utf8')).not.toContain(process.cwd());
    }
  });
});
