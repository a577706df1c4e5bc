import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../lib/journey/check-graph.ts';
import { nodeTypes } from '../lib/nodes/catalogue.ts';
import { apiHarness } from './support/api-harness.ts';
import { runCli } from './support/run-cli.ts';

const readme = readFileSync('README.md', 'utf8');

/** The rows of the table whose head begins so. */
function rows(head: string): readonly string[] {
  const lines = readme.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`| ${head} `));
  const to = lines.findIndex((line, at) => at > from && !line.startsWith('|'));
  return lines.slice(from + 2, to);
}

/** What is written as code in the first cell. */
function codeIn(row: string): readonly string[] {
  return [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

describe('the README', () => {
  it('has a row for every node type, and no other', () => {
    const told = rows('node type').flatMap(codeIn);
    expect(told.toSorted()).toEqual([...nodeTypes.keys()].toSorted());
  });

  it('names every request of the API, and no other', async () => {
    const api = await apiHarness();
    const { body } = await api.call('GET', '/openapi.json');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(
      ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const told = rows('request').flatMap((row) => requestsIn(codeIn(row)));
    expect(told.toSorted()).toEqual([...described, 'GET /openapi.json'].toSorted());
  });

  it('draws journeys that are accepted without a warning', () => {
    const drawn = [...readme.matchAll(/```json\n([\s\S]*?)```/g)]
      .map(([, text = '']) => JSON.parse(text) as object)
      .filter((json) => 'nodes' in json);
    expect(drawn).toHaveLength(2);
    for (const graph of drawn) {
      const { problems, warnings } = checkGraph(graph, nodeTypes);
      expect([problems, warnings]).toEqual([[], []]);
    }
  });

  it('and what it leads to show only commands that there are', async () => {
    const { stdout } = await runCli('--help');
    const texts = ['JOURNEYS.md', 'docs/aws.md', 'docs/analytics.md'].map((file) =>
      readFileSync(file, 'utf8'),
    );
    const commands = [readme, ...texts].flatMap((text) =>
      [...text.matchAll(/npx kalcifer ([a-z]+)/g)].map(([, name = '']) => name),
    );
    expect(commands.length).toBeGreaterThan(8);
    expect(commands.filter((name) => !stdout.includes(`\n  ${name} `))).toEqual([]);
  });

  it('shows them as they run in this repository, too', async () => {
    const { stdout } = await promisify(execFile)('npx', [
      ...['--no', '--', 'kalcifer', 'validate', 'statemachines/welcome/v1.journey.json'],
    ]);
    expect(stdout).toContain('ok statemachines/welcome/v1.journey.json');
  });
});

/** `GET PUT /v1/a/{b}` are two requests; `…` stands for the first path of the row. */
function requestsIn(codes: readonly string[]): readonly string[] {
  const first = codes[0]?.split(' ').at(-1) ?? '';
  return codes.flatMap((code) => {
    const words = code.split(' ');
    const path = words.at(-1)?.replace('…', first) ?? '';
    return words.slice(0, -1).map((method) => `${method} ${path}`);
  });
}
