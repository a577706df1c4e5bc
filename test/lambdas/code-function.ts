/** A function that runs custom code and nothing else, to be bundled as functions are. */
import { customCode } from '../../lambdas/_shared/custom-code.ts';
import type { CodeAnswer } from '../../lib/ports/code-runner.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';

export async function handler(sources: readonly string[]): Promise<readonly CodeAnswer[]> {
  const { code } = customCode({ clock: systemClock() } as Parameters<typeof customCode>[0]);
  if (code === undefined) throw new Error('custom code is off');
  const answers: CodeAnswer[] = [];
  for (const source of sources) {
    answers.push(
      await code.run({ source, facts: { customer: { age: 42 } }, now: 0, timeoutMs: 200 }),
    );
  }
  return answers;
}
