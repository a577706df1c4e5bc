#!/usr/bin/env -S node --import tsx
/** The command line. Each command is a file of its own in `commands/`. */
import { Command } from 'commander';
import { addCapsCommand } from './commands/caps.ts';
import { addClickhouseCommand } from './commands/clickhouse.ts';
import { addCompileCommand } from './commands/compile.ts';
import { addCustomerCommand } from './commands/customer.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDevCommand } from './commands/dev.ts';
import { addEnrolCommand } from './commands/enrol.ts';
import { addInstanceCommand } from './commands/instance.ts';
import { addJourneyCommand } from './commands/journey.ts';
import { addLocalCommand } from './commands/local.ts';
import { addPreviewCommand } from './commands/preview.ts';
import { addSecretsCommand } from './commands/secrets.ts';
import { addSegmentCommand } from './commands/segment.ts';
import { addStatemachinesCommand } from './commands/statemachines.ts';
import { addValidateCommand } from './commands/validate.ts';
import { release } from '../lib/release.ts';
import { tellFailure } from './terminal/tell-failure.ts';

const program = new Command('kalcifer')
  .description('Customer journeys, compiled to AWS Step Functions or run on this machine.')
  .version(release)
  .showHelpAfterError('Run "kalcifer --help" to see what there is.');

addDevCommand(program);
addDemoCommand(program);
addValidateCommand(program);
addCompileCommand(program);
addPreviewCommand(program);
addSegmentCommand(program);
addStatemachinesCommand(program);
addLocalCommand(program);
addEnrolCommand(program);
addJourneyCommand(program);
addInstanceCommand(program);
addCustomerCommand(program);
addCapsCommand(program);
addSecretsCommand(program);
addClickhouseCommand(program);

// Who reads has seen enough, as in "kalcifer ... | head": ends as other programs do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(141);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tellFailure(error);
}
