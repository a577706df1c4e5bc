/** One long step of a command: what it is while it runs, and how long it took. A spinner where there is a terminal. */
import { spinner } from '@clack/prompts';
import { paint } from './paint.ts';
import { spell } from './spell-duration.ts';

/** As shells count an end by Ctrl-C; seen only where no signal can end this process. */
const interruptedCode = 130;

export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  const took = (): string =>
    paint('dim', `(${spell(Math.ceil((performance.now() - began) / 100) * 100)})`);
  const shown = process.stdout.isTTY
    ? spinner({ onCancel: () => process.exit(interruptedCode) })
    : undefined;
  shown?.start(what);
  if (shown === undefined) process.stdout.write(`  ${what} ...\n`);
  else process.once('exit', endAll);
  try {
    const result = await work();
    if (shown === undefined)
      process.stdout.write(`  ${paint('green', 'done')} ${what} ${took()}\n`);
    else shown.stop(`${what} ${took()}`);
    return result;
  } catch (error) {
    shown?.stop(`${what}: failed ${took()}`);
    throw error;
  } finally {
    process.removeListener('exit', endAll);
  }
}

/**
 * The spinner reads the keyboard itself: at Ctrl-C it ends this process as if all were well, and the terminal signals nobody. So what
 * the step has started is told here, and whoever called is not told that it was done.
 */
function endAll(code: number): void {
  process.exitCode = code === 0 ? interruptedCode : code;
  process.kill(0, 'SIGINT');
}
