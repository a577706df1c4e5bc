/** `kalcifer demo`: two thousand simulated customers live through thirty virtual days of the welcome series. */
import type { Command } from 'commander';

interface DemoOptions {
  readonly customers: string;
  readonly days: string;
  readonly seed: string;
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'Simulate customers in the welcome series on a virtual clock, and show what became of them',
    )
    .option('--customers <number>', 'how many sign up', '2000')
    .option('--days <number>', 'how many virtual days pass', '30')
    .option('--seed <number>', 'the same seed gives the same customers', '1')
    .action(async ({ customers, days, seed }: DemoOptions) => {
      const { simulate } = await import('../simulation/simulate.ts');
      const { tellSimulation } = await import('../simulation/tell-simulation.ts');
      const simulation = await simulate({
        customers: Number(customers),
        days: Number(days),
        seed: Number(seed),
      });
      tellSimulation(simulation, (line = '') => void process.stdout.write(`${line}\n`));
    });
}
