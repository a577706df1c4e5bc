import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const documents = [
  'README.md',
  'JOURNEYS.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/aws.md',
  'docs/cost.md',
  'docs/analytics.md',
];

/** Made by those who run the project, not kept in it, or made when there is something to keep. */
const madeLater = /^(load\/results|test\/regression)\//;

it.each(documents)('%s names only files and folders that there are', (document) => {
  const text = readFileSync(document, 'utf8');
  const paths = [...text.matchAll(/`((?:lib|bin|test|load|scripts)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  );
  const links = [...text.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)].map(([, path = '']) =>
    join(dirname(document), path),
  );
  const missing = [...paths, ...links].filter((path) => !madeLater.test(path) && !existsSync(path));
  expect(missing).toEqual([]);
});

it('every package has its sentence in ARCHITECTURE.md', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const text = readFileSync('ARCHITECTURE.md', 'utf8');
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  const ours = names.filter((name) => !name.startsWith('@types/'));
  expect(ours.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
