/** `kalcifer compile FILE`: prints the state machine that a journey becomes. */
import type { Command } from 'commander';
import { printDefinition } from '../../lib/compiler/compile.ts';
import { checkJourneyFile } from '../journey-file.ts';
import { tellProblems } from '../terminal/tell-problems.ts';

export function addCompileCommand(program: Command): void {
  program
    .command('compile')
    .description('Print the state machine of a journey file (Amazon States Language)')
    .argument('<file>', 'journey JSON')
    .action(async (file: string) => {
      const checked = await checkJourneyFile(file);
      if (checked.definition === undefined) {
        process.stderr.write(tellProblems(file, checked, process.stderr));
        process.exitCode = 1;
      } else {
        process.stdout.write(printDefinition(checked.definition));
      }
    });
}
