import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { versionFile, versionFiles } from '../../lib/cdk/version-file.ts';
import { compileGraph, printDefinition } from '../../lib/compiler/compile.ts';
import type { Graph } from '../../lib/journey/graph.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kalcifer-versions-'));
});

describe('the versions of a folder', () => {
  it('are those of this repository, each as committed', () => {
    const found = versionFiles('statemachines').map(
      ({ journey, version }) => `${journey} v${version}`,
    );
    expect(found).toContain('welcome v1');
    expect(found).toEqual(found.toSorted());
  });

  it('come in the order of their numbers', () => {
    for (const version of [10, 2, 1]) addVersion('welcome', version);
    addVersion('a-first', 3);
    expect(versionFiles(folder).map(({ journey, version }) => [journey, version])).toEqual([
      ['a-first', 3],
      ['welcome', 1],
      ['welcome', 2],
      ['welcome', 10],
    ]);
  });

  it('may be none', () => {
    expect(versionFiles(folder)).toEqual([]);
  });

  it('are refused with the mistakes of all files', () => {
    addVersion('fine', 1);
    write('drifted/v1.asl.json', '{}');
    cpSync('statemachines/welcome/v1.journey.json', join(folder, 'drifted/v1.journey.json'));
    write(
      'uncompiled/v1.journey.json',
      readFileSync('statemachines/welcome/v1.journey.json', 'utf8'),
    );
    write('lonely/v2.asl.json', '{}');
    write('broken/v1.journey.json', '{ "nodes": [');
    write('empty/v1.journey.json', '{ "nodes": [], "edges": [] }');
    write('misnamed/v01.journey.json', '{}');
    write('misnamed/draft.journey.json', '{}');
    addVersion('deep/er', 1);
    const error = refused(() => versionFiles(folder));
    expect(error.code).toBe('deployment.statemachines');
    const told = error.message.replaceAll(`${folder}/`, '').split('\n');
    expect(told.some((line) => line.includes('fine'))).toBe(false);
    for (const line of [
      'drifted/v1.asl.json: it is not what v1.journey.json compiles to: run "npm run statemachines"',
      'uncompiled/v1.asl.json: it is missing: run "npm run statemachines"',
      'lonely/v2.asl.json: v2.journey.json is missing',
      'broken/v1.journey.json: it is not JSON',
      'empty/v1.journey.json',
      'misnamed/v01.journey.json: a version is named v1.journey.json',
      'misnamed/draft.journey.json: a version is named v1.journey.json',
      'deep/er/v1.journey.json: it belongs into the folder of its journey',
    ]) {
      expect(told.some((one) => one.includes(line))).toBe(true);
    }
  });
});

describe('one version', () => {
  it('is named by its folder and its number', () => {
    const file = addVersion('welcome', 7);
    expect(versionFile(file)).toEqual({
      journey: 'welcome',
      version: 7,
      graphFile: file,
      definitionFile: file.replace('.journey.', '.asl.'),
      nodeTypes: new Set([
        'event_entry',
        'send_email',
        'wait_for_event',
        'goal_reached',
        'add_tag',
        'exit',
      ]),
    });
  });

  it('is refused when its machine is another one', () => {
    const file = addVersion('welcome', 1);
    rmSync(file.replace('.journey.', '.asl.'));
    expect(refused(() => versionFile(file)).code).toBe('deployment.statemachines');
  });
});

function addVersion(journey: string, version: number): string {
  const graph = readFileSync('statemachines/welcome/v1.journey.json', 'utf8');
  const compiled = compileGraph(
    JSON.parse(graph) as Graph,
    nodeTypes,
    `${basename(journey)} v${version}`,
  );
  if (!('definition' in compiled)) throw new Error('the sample does not compile');
  write(`${journey}/v${version}.asl.json`, printDefinition(compiled.definition));
  return write(`${journey}/v${version}.journey.json`, graph);
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function refused(call: () => unknown): KalciferError {
  try {
    call();
  } catch (error) {
    if (error instanceof KalciferError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
