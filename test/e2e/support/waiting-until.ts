/** Waits for what comes about by itself. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer. @throws Error saying what did not come about */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
  { patienceMs = 60_000, pauseMs = 100 } = {},
): Promise<Answer> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`Not within ${patienceMs / 1000} s: ${what}`);
    await sleep(pauseMs);
  }
}
