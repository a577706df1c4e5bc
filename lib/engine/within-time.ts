/** Waits for an answer, but not for ever. */
import type { Clock } from '../ports/clock.ts';

/** @returns the answer, or undefined when `ms` milliseconds of the clock went by without one */
export async function withinTime<Answer>(
  clock: Clock,
  ms: number,
  answer: Promise<Answer>,
): Promise<Answer | undefined> {
  let cancel = (): void => undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    cancel = clock.wakeAt(clock.now() + ms, () => resolve(undefined));
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    cancel();
  }
}
