/**
 * Custom code in the test kit: run for real, in threads that all kits of the process share. Threads know nothing of virtual time,
 * so a turn lasts until the code has answered.
 */
import { quickjsCodeRunner } from '../adapters/quickjs/code-runner.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import type { CodeRunner } from '../ports/code-runner.ts';
import type { Turns } from './turns.ts';

const shared = quickjsCodeRunner({ clock: systemClock() });

export function kitCodeRunner(turns: Turns): CodeRunner {
  return {
    check: (source) => turns.take(() => shared.check(source)),
    run: (job) => turns.take(() => shared.run(job)),
  };
}
