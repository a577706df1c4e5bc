/** `kalcifer statemachines`: writes beside every drawn version the state machine that it becomes; `--check` only compares. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { printDefinition } from '../../lib/compiler/compile.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { checkJourneyFile } from '../journey-file.ts';
import { paint } from '../terminal/paint.ts';
import { tellProblems } from '../terminal/tell-problems.ts';

export function addStatemachinesCommand(program: Command): void {
  program
    .command('statemachines')
    .description('Compile every statemachines/<journey>/vN.journey.json to vN.asl.json')
    .option('--check', 'write nothing; fail when a file is not what it should be')
    .option('--folder <folder>', 'where the journeys are', 'statemachines')
    .action(async ({ check = false, folder }: { check?: boolean; folder: string }) => {
      const files = await journeyFiles(folder);
      const stale: string[] = [];
      for (const file of files) {
        const target = file.replace(/\.journey\.json$/, '.asl.json');
        const compiled = await compiledText(file);
        if (compiled === (await existing(target))) continue;
        stale.push(target);
        if (!check) await writeFile(target, compiled);
      }
      const verb = check ? 'differs' : 'written';
      for (const target of stale) process.stdout.write(`${paint('yellow', verb)} ${target}\n`);
      process.stdout.write(`${files.length} versions, ${stale.length} ${verb}\n`);
      if (check && stale.length > 0) {
        throw new KalciferError('statemachines.stale', 'Run "npm run statemachines" and commit.');
      }
    });
}

/**
 * Every drawn version, in order.
 *
 * @throws KalciferError `file.unreadable`
 */
export async function journeyFiles(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new KalciferError('file.unreadable', `The folder "${folder}" cannot be read.`, { cause });
  });
  return files
    .filter((file) => /v\d+\.journey\.json$/.test(file))
    .map((file) => join(folder, file))
    .toSorted();
}

async function compiledText(file: string): Promise<string> {
  const checked = await checkJourneyFile(file);
  if (checked.definition !== undefined) return printDefinition(checked.definition);
  process.stderr.write(tellProblems(file, checked, process.stderr));
  throw new KalciferError('journey.invalid', `${file} cannot be compiled.`);
}

async function existing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
