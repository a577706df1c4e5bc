/** One long step of a command: what it is while it runs, and how long it took. A spinner where there is a terminal. */
import { spinner } from '@clack/prompts';
import { paint } from './paint.ts';
import { spell } from './spell-duration.ts';

export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  const took = (): string =>
    paint('dim', `(${spell(Math.ceil((performance.now() - began) / 100) * 100)})`);
  const shown = process.stdout.isTTY ? spinner() : undefined;
  shown?.start(what);
  if (shown === undefined) process.stdout.write(`  ${what} ...\n`);
  try {
    const result = await work();
    if (shown === undefined)
      process.stdout.write(`  ${paint('green', 'done')} ${what} ${took()}\n`);
    else shown.stop(`${what} ${took()}`);
    return result;
  } catch (error) {
    shown?.stop(`${what}: failed ${took()}`);
    throw error;
  }
}
