/** The program that `cdk` calls: it gets its context by an environment variable, and leaves its answer in a folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const settings = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
  readonly app: string;
  readonly context: Record<string, unknown>;
};

describe('the CDK app', () => {
  it('is what cdk.json calls, and needs no account, Region or credentials', () => {
    expect(settings.app).toBe('node --import tsx bin/app.ts');
    const { status, folder } = run({ mailFrom: 'journeys@example.com' });
    expect(status).toBe(0);
    expect(existsSync(join(folder, 'kalcifer-dev.template.json'))).toBe(true);
  });

  it('tells all mistakes in its context at once, without a stack', () => {
    const { status, errors } = run({ stage: 'My Stage', emulater: 'true' });
    expect(status).toBe(1);
    expect(errors.trim().split('\n')).toEqual([
      'The context of the deployment has mistakes:',
      '- -c emulater: did you mean "emulator"?',
      '- -c stage: a stage is 1 to 20 lower-case letters and digits and begins with a letter, not "My Stage"',
    ]);
  });
});

function run(context: Readonly<Record<string, string>>): {
  readonly status: number | null;
  readonly errors: string;
  readonly folder: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'kalcifer-app-'));
  const given = { ...settings.context, ...context, 'aws:cdk:bundling-stacks': [] };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(given) },
  });
  return { status, errors: stderr, folder };
}
