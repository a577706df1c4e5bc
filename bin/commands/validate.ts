/** `kalcifer validate FILE...`: tells everything that is wrong with journeys before anybody publishes them. */
import type { Command } from 'commander';
import { tellProblems } from '../terminal/tell-problems.ts';
import { checkJourneyFile } from '../journey-file.ts';

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description(
      'Check journey files; every problem of each file is told with its place and a hint',
    )
    .argument('<file...>', 'journey JSON')
    .action(async (files: string[]) => {
      let problems = 0;
      for (const file of files) {
        const checked = await checkJourneyFile(file);
        problems += checked.problems.length;
        process.stdout.write(tellProblems(file, checked));
      }
      if (problems > 0) process.exitCode = 1;
    });
}
