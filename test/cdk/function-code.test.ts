/** The code of the functions as it is deployed: bundled, and loaded by a Node that has nothing else. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDeploymentStacks } from '../../lib/cdk/deployment-stacks.ts';
import { Journeys, Kalcifer } from '../../lib/cdk/kalcifer.ts';

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
    const [folder = ''] = registering(outdir);
    expect(readdirSync(folder).toSorted()).toEqual(['index.mjs', 'journeys', 'templates']);
    expect(readFileSync(join(folder, 'journeys/welcome/v1.journey.json'), 'utf8')).toBe(
      readFileSync('statemachines/welcome/v1.journey.json', 'utf8'),
    );
    expect(readdirSync(join(folder, 'journeys/welcome'))).toEqual(['v1.journey.json']);
    expect(readdirSync(join(folder, 'templates')).toSorted()).toEqual(
      readdirSync('templates').toSorted(),
    );
  });

  it('of one engine has nothing of what another of the same app registers', () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'kalcifer-code-')) });
    const stack = new Stack(app, 'Two');
    for (const journey of ['welcome', 're-engagement']) {
      const own = mkdtempSync(join(tmpdir(), 'kalcifer-own-'));
      const [folder, templates] = [join(own, 'journeys'), join(own, 'templates')];
      cpSync(join('statemachines', journey), join(folder, journey), { recursive: true });
      mkdirSync(templates);
      writeFileSync(join(templates, `${journey}.liquid`), 'Hello');
      const stage = journey.slice(0, 2);
      const kalcifer = new Kalcifer(stack, stage, { stage, mail: { from: 'a@b.c' } });
      new Journeys(stack, journey, { kalcifer, folder, templates });
    }
    const beside = registering(app.outdir).map((folder) => [
      ...readdirSync(join(folder, 'journeys')),
      ...readdirSync(join(folder, 'templates')),
    ]);
    expect(beside.toSorted()).toEqual([
      ['re-engagement', 're-engagement.liquid'],
      ['welcome', 'welcome.liquid'],
    ]);
  });

  it('names no file of the machine that it was made on', () => {
    for (const verb of readdirSync(bundles)) {
      expect(readFileSync(join(bundles, verb, 'index.mjs'), 'utf8')).not.toContain(process.cwd());
    }
  });
});

/** What is zipped up: assets, as they were laid out for Lambda. */
function registering(of: string): readonly string[] {
  return readdirSync(of)
    .map((name) => join(of, name))
    .filter((folder) => /[/\\]asset\.[^.]+$/.test(folder) && existsSync(join(folder, 'journeys')));
}
