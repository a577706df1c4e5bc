/** `kalcifer demo`: two thousand simulated customers live through thirty virtual days of the welcome series. */
import type { Command } from 'commander';
import { wholeNumber } from '../whole-number.ts';

interface DemoOptions {
  readonly customers: number;
  readonly days: number;
  readonly seed: number;
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'Simulate customers in the welcome series on a virtual clock, and show what became of them',
    )
    .option('--customers <number>', 'how many sign up', wholeNumber(1, 100_000), 2000)
    .option('--days <number>', 'how many virtual days pass', wholeNumber(1, 365), 30)
    .option(
      '--seed <number>',
      'the same seed gives the same customers',
      wholeNumber(0, 2 ** 31 - 1),
      1,
    )
    .action(async (options: DemoOptions) => {
      const { simulate } = await import('../simulation/simulate.ts');
      const { tellSimulation } = await import('../simulation/tell-simulation.ts');
      const simulation = await simulate(options);
      tellSimulation(simulation, (line = '') => void process.stdout.write(`${line}\n`));
    });
}
