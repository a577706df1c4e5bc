/** Distinct scenarios add up over processes. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  canonicalJson,
  clearScenarios,
  countScenario,
  readScenarios,
  scenarioFolder,
} from './scenario-count.ts';

describe('scenarios', () => {
  const before = process.env['KALCIFER_SCENARIOS'];
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
    process.env['KALCIFER_SCENARIOS'] = folder;
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env['KALCIFER_SCENARIOS'];
    else process.env['KALCIFER_SCENARIOS'] = before;
  });

  test('count distinct inputs by property, whatever the order of keys', () => {
    countScenario('one', { a: 1, b: [2, { c: 3, d: 4 }] });
    countScenario('one', { b: [2, { d: 4, c: 3 }], a: 1 });
    countScenario('one', { a: 1, b: [{ c: 3, d: 4 }, 2] });
    countScenario('two', { a: 1, b: [2, { c: 3, d: 4 }] });
    expect(readScenarios()).toEqual({
      total: 3,
      byProperty: new Map([
        ['one', 2],
        ['two', 1],
      ]),
    });
  });

  test('add up what several processes noted, and count what two of them noted once', () => {
    countScenario('one', 1);
    const [file = ''] = readdirSync(folder);
    expect(file).toBe(`${process.pid}.tsv`);
    writeFileSync(join(folder, '1.tsv'), 'one\tabc\ntwo\tabc\n');
    writeFileSync(join(folder, '2.tsv'), 'one\tabc\n');
    expect(readScenarios().total).toBe(3);
    clearScenarios();
    expect(readScenarios().total).toBe(0);
    countScenario('one', 1);
    expect(readScenarios().total).toBe(1);
  });

  test('are none where nothing ran', () => {
    expect(readScenarios(join(folder, 'nowhere')).total).toBe(0);
  });

  test('are kept where git ignores them, unless told otherwise', () => {
    delete process.env['KALCIFER_SCENARIOS'];
    expect(scenarioFolder()).toBe(join('reports', 'run', 'scenarios'));
  });
});

test('canonicalJson sorts keys at every depth and keeps lists in order', () => {
  expect(canonicalJson({ b: 1, a: { d: [3, 1], c: null } })).toBe(
    '{"a":{"c":null,"d":[3,1]},"b":1}',
  );
});
