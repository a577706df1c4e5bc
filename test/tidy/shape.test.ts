import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles } from './source-files.ts';

const linesMax = 300;
const files = sourceFiles('lib', 'bin', 'lambdas', 'load');

describe('source files', () => {
  it(`have at most ${linesMax} lines`, () => {
    const long = files
      .map(({ path, text }) => [path, text.split('\n').length - 1] as const)
      .filter(([, lines]) => lines > linesMax);
    expect(long).toEqual([]);
  });

  it('begin by saying what they are for', () => {
    const silent = files
      .filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text))
      .map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  it('are named after one thing, in kebab-case, and never after a shape of code', () => {
    const names = files.map(({ path }) => path.split('/').at(-1) ?? '');
    const vague = /^(index|utils?|helpers?|common|misc|types|interfaces)\.ts$/;
    expect(names.filter((name) => vague.test(name))).toEqual([]);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(name))).toEqual([]);
  });

  it('export nothing by default', () => {
    expect(
      files.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });

  it('leave nothing to be done later', () => {
    const later = /\b(TODO|FIXME|XXX|HACK)\b/;
    expect(files.filter(({ text }) => later.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('are all imported by something, or are where a program begins', () => {
    const tests = sourceFiles('test');
    const imported = new Set(
      [...files, ...tests].flatMap((file) => importsOf(file).map(({ target }) => target)),
    );
    const beginnings = new Set([
      'bin/app.ts',
      'bin/kalcifer.ts',
      'lib/testkit/testkit.ts',
      'lib/local/asl/asl.ts',
      'load/compare.ts',
      'load/cost.ts',
      'load/history.ts',
      'load/count-table-calls.ts',
      'load/run.ts',
      'load/worker.ts',
    ]);
    const dead = files
      .map(({ path }) => path)
      .filter((path) => !imported.has(path) && !beginnings.has(path))
      .filter((path) => !/^lambdas\/[a-z-]+\/handler\.ts$/.test(path));
    expect(dead).toEqual([]);
  });
});
