/** `kalcifer dev`: the command line of the development runtime. What it does is in `bin/dev/run-dev.ts`. */
import type { Command } from 'commander';
import type { DevOptions } from '../dev/run-dev.ts';

export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description(
      'Run Kalcifer on this machine: a durable runtime, the sample journeys and the HTTP API',
    )
    .option('--folder <folder>', 'where everything is kept', '.kalcifer')
    .option('--port <port>', 'port of the HTTP API on 127.0.0.1', '4500')
    .option('--once', 'exit after the walk through the welcome series')
    .option('--no-walk', 'only serve')
    .option('--new-key', 'create another API key and show it')
    .action(async (options: DevOptions) => {
      const { runDev } = await import('../dev/run-dev.ts');
      await runDev(options);
    });
}
