import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles, type SourceFile } from './source-files.ts';

/**
 * Who may import whom, without exemptions. A layer may also import what the layers in its row may import. Files at the top of
 * `lib/` (errors, JSON) belong to nobody and are open to all.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  journey: [],
  nodes: ['journey'],
  compiler: ['journey', 'nodes'],
  ports: [],
  engine: ['journey', 'nodes', 'ports'],
  adapters: ['ports'],
  api: ['engine', 'compiler', 'ports'],
  analytics: ['ports'],
  local: ['engine', 'compiler', 'ports'],
  testkit: ['engine', 'compiler', 'ports', 'local'],
  lambdas: ['engine', 'compiler', 'ports', 'api', 'analytics'],
  cdk: ['compiler'],
  bin: ['engine', 'compiler', 'ports', 'api', 'analytics', 'local', 'testkit', 'cdk'],
};

/** Only these name an adapter. */
const compositionRoots = [
  /^lib\/local\/runtime\.ts$/,
  /^lib\/local\/asl\/asl\.ts$/,
  /^lib\/testkit\//,
  /^bin\//,
  /^lambdas\/_shared\//,
];

/** Pure folders, and the packages that they may use. */
const pure: Readonly<Record<string, readonly string[]>> = {
  journey: ['zod', 'croner'],
  nodes: ['zod', 'liquidjs'],
  compiler: [],
};

const files = sourceFiles('lib', 'bin', 'lambdas');

function layerOf(path: string): string | undefined {
  if (path.startsWith('bin/')) return 'bin';
  if (path.startsWith('lambdas/')) return 'lambdas';
  const [top, folder, rest] = path.split('/');
  return top === 'lib' && rest !== undefined ? folder : undefined;
}

function reachable(layer: string): ReadonlySet<string> {
  const direct = mayImport[layer] ?? [];
  return new Set([layer, ...direct.flatMap((other) => [...reachable(other)])]);
}

function violations(file: SourceFile): readonly string[] {
  const layer = layerOf(file.path);
  if (layer === undefined) return [];
  const allowed = reachable(layer);
  return importsOf(file).flatMap(({ target, isOwn }) => {
    const to = isOwn ? layerOf(target) : undefined;
    if (to === undefined || allowed.has(to)) return [];
    const named = to === 'adapters' && compositionRoots.some((root) => root.test(file.path));
    return named ? [] : [`${file.path} imports ${target}`];
  });
}

describe('layers', () => {
  it('every folder of lib has a row in the table', () => {
    const folders = new Set(
      files.map(({ path }) => layerOf(path)).filter((layer) => layer !== undefined),
    );
    expect([...folders].filter((folder) => !(folder in mayImport))).toEqual([]);
  });

  it('no file imports what its layer may not', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(violations)).toEqual([]);
  });

  it('pure folders use no Node module and only the packages that they are allowed', () => {
    const found = files.flatMap((file) => {
      const packages = pure[layerOf(file.path) ?? ''];
      if (packages === undefined) return [];
      return importsOf(file)
        .filter(({ target, isOwn }) => !isOwn && !packages.includes(target))
        .map(({ target }) => `${file.path} imports ${target}`);
    });
    expect(found).toEqual([]);
  });

  it('no SDK is named outside of adapters', () => {
    const found = files
      .filter(({ path }) => !path.startsWith('lib/adapters/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target }) => target.startsWith('@aws-sdk/') || target === 'lmdb')
          .map(({ target }) => `${file.path} imports ${target}`),
      );
    expect(found).toEqual([]);
  });
});
