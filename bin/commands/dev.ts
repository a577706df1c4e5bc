/** `kalcifer dev`: the command line of the development runtime. What it does is in `bin/dev/run-dev.ts`. */
import { Option, type Command } from 'commander';
import type { DevOptions } from '../dev/run-dev.ts';
import { wholeNumber } from '../whole-number.ts';

export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description(
      'Run Kalcifer on this machine: a durable runtime, the sample journeys and the HTTP API',
    )
    .option('--folder <folder>', 'where everything is kept', '.kalcifer')
    .option(
      '--port <port>',
      'port of the HTTP API on 127.0.0.1; 0: any',
      wholeNumber(0, 65_535),
      4500,
    )
    .addOption(
      new Option(
        '--smtp <url>',
        'send mails to this server, such as a mail catcher: smtp://localhost:1025',
      ).env('KALCIFER_SMTP_URL'),
    )
    .addOption(
      new Option('--mail-from <address>', 'sender of mails whose node names none')
        .env('KALCIFER_MAIL_FROM')
        .default('Kalcifer <kalcifer@localhost>'),
    )
    .option('--once', 'exit after the walk through the welcome series')
    .option('--no-walk', 'only serve')
    .option('--no-custom-code', 'refuse journeys that run JavaScript')
    .option(
      '--webhooks-to <origin>',
      'deliver webhooks here, such as http://127.0.0.1:9000, instead of where they are drawn to go',
    )
    .option('--new-key', 'create another API key and show it')
    .action(async (options: DevOptions) => {
      const { runDev } = await import('../dev/run-dev.ts');
      await runDev(options);
    });
}
