/** `npm run cost`: counts what journeys need on AWS, and writes the tables of `docs/cost.md`. */
import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { costReport } from './cost-report.ts';

const file = 'docs/cost.md';
const text = await readFile(file, 'utf8');
const [before = '', rest = ''] = text.split(beginning());
const [, after = ''] = rest.split(end());
const report = await costReport();
const written = await format(`${before}${beginning()}\n\n${report}\n\n${end()}${after}`, {
  parser: 'markdown',
  printWidth: 100,
});
await writeFile(file, written);
console.log(`${report}\n\nwritten to ${file}`);

function beginning(): string {
  return '<!-- counted by npm run cost: -->';
}

function end(): string {
  return '<!-- end of what is counted -->';
}
