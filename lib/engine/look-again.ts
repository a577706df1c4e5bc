/** Optimistic concurrency: decide on what was read, write on the condition that it still holds, and look again when it does not. */
import { TryAgain } from './steps/steering.ts';

/** Somebody else moved the instance between reading and writing. */
export type Conflict = 'conflict';

/** Each look that fails means that another one won: more looks than places a customer can be in, each with a few moves. */
const looksMax = 200;

/** @throws TryAgain when the instance keeps moving */
export async function lookAgain<Answer>(look: () => Promise<Answer | Conflict>): Promise<Answer> {
  for (let looks = 0; looks < looksMax; looks++) {
    const answer = await look();
    if (answer !== 'conflict') return answer;
  }
  throw new TryAgain('The instance keeps moving.');
}
