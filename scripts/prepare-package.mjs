/**
 * Before packing: builds `dist`, and points package.json at it. In the repository the entry points are the TypeScript sources, so
 * that nothing has to be built to run or test; a published package holds JavaScript. `restore-package.mjs` undoes the pointing.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
// What was built is JavaScript, and runs without what runs the sources.
const program = 'dist/bin/kalcifer.js';
writeFileSync(program, readFileSync(program, 'utf8').replace(/^#!.*/, '#!/usr/bin/env node'));

copyFileSync('package.json', 'package.json.source');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const built = (source) => source.replace('./', './dist/').replace(/\.ts$/, '.js');
const types = (source) => source.replace('./', './dist/').replace(/\.ts$/, '.d.ts');
for (const [name, target] of Object.entries(manifest.exports)) {
  if (!target.endsWith('.ts')) continue;
  manifest.exports[name] = { types: types(target), default: built(target) };
}
for (const [name, target] of Object.entries(manifest.bin)) manifest.bin[name] = built(target);
delete manifest.scripts;
delete manifest.devDependencies;
delete manifest.overrides;
writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
