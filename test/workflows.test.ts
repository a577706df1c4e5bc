/** The workflows, as far as they can be held without the machines that run them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly env?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes': number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = '.github/workflows';
const texts = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
const workflowOf = (name: string): Workflow =>
  parse(readFileSync(`${folder}/${name}`, 'utf8')) as Workflow;
const pullRequests = workflowOf('ci.yml');
const weekly = workflowOf('chaos-load.yml');
const commandsOf = (job: Job | undefined): readonly (string | undefined)[] =>
  job?.steps.map(({ run }) => run) ?? [];

it('check every pull request as each landing is checked, and on LocalStack besides', () => {
  expect(pullRequests.on).toHaveProperty('pull_request');
  expect(commandsOf(pullRequests.jobs.check)).toContain('.ci/run');
  expect(commandsOf(pullRequests.jobs['e2e-localstack'])).toContain('npm run test:e2e');
  const checked = readFileSync('.ci/run', 'utf8');
  expect(checked).toContain('\nstep tests npm test\n');
  expect(readFileSync('README.md', 'utf8')).toContain('```sh\nnpm test\n```');
});

it('run on Sundays at three, and by hand', () => {
  expect(weekly.on).toMatchObject({ schedule: [{ cron: '0 3 * * 0' }] });
  expect(weekly.on).toHaveProperty('workflow_dispatch');
});

it('draw other property inputs each week, and the same ones in pull requests', () => {
  const { properties } = weekly.jobs;
  expect(properties?.env).toMatchObject({ PROPERTY_SEED: 'random' });
  expect(commandsOf(properties)).toContain('npm test');
  for (const { env } of Object.values(pullRequests.jobs)) {
    expect(env ?? {}).not.toHaveProperty('PROPERTY_SEED');
  }
});

it('may change nothing, end by themselves, and use one version of each action', () => {
  for (const { permissions, jobs } of [pullRequests, weekly]) {
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
  }
  const uses = texts.flatMap((text) => [...text.matchAll(/uses: (\S+)/g)].map(([, one]) => one));
  expect([...new Set(uses)].toSorted()).toEqual([
    'actions/checkout@v6',
    'actions/setup-node@v6',
    'actions/upload-artifact@v6',
  ]);
});
