/** `kalcifer clickhouse`: its options. What it does is in `bin/clickhouse/run-clickhouse.ts`. */
import { Option, type Command } from 'commander';
import type { ClickhouseOptions } from '../clickhouse/run-clickhouse.ts';
import { wholeNumber } from '../whole-number.ts';

export function addClickhouseCommand(program: Command): void {
  program
    .command('clickhouse')
    .description(
      'Serve a ClickHouse on a folder of this machine over HTTP, where there is no server to use',
    )
    .option('--folder <folder>', 'where its data is kept', '.kalcifer/clickhouse')
    .option('--port <port>', 'port on 127.0.0.1; 0: any', wholeNumber(0, 65_535), 8123)
    .addOption(
      new Option('--user <name>', 'who may ask, when there is a password')
        .env('KALCIFER_CLICKHOUSE_USER')
        .default('default'),
    )
    .addOption(
      new Option('--password <password>', 'without one, whoever reaches the port may ask').env(
        'KALCIFER_CLICKHOUSE_PASSWORD',
      ),
    )
    .option('--install', 'install chdb first when it is missing: 550 MB, into .kalcifer/chdb')
    .option('--install-only', 'install chdb when it is missing, and serve nothing')
    .action(async (options: ClickhouseOptions) => {
      const { runClickhouse } = await import('../clickhouse/run-clickhouse.ts');
      await runClickhouse(options);
    });
}
