/**
 * Does again what did not happen because somebody else was just writing the same items, or because the table was asked for too much:
 * DynamoDB lets nobody queue, it refuses.
 */
import { KalciferError } from '../../../kalcifer-error.ts';
import type { OpenTable } from './open-table.ts';

/** The attempt surely wrote nothing, and says why. */
export interface InTheWay {
  readonly inTheWay: string;
}

/**
 * `token` tells one call from all others, so that those who got in each other's way do not come back at the same moment.
 * @throws KalciferError `table.unavailable` when something was in the way each time
 */
export async function tryAgain<Answer extends object>(
  { pause }: Pick<OpenTable, 'pause'>,
  token: string,
  attempt: () => Promise<Answer | InTheWay>,
): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    const answer = await attempt();
    if (!('inTheWay' in answer)) return answer;
    if (tried === attemptsMax) {
      const why = `something was in the way ${tried} times, at last ${answer.inTheWay}`;
      throw new KalciferError('table.unavailable', `The table could not write: ${why}.`);
    }
    await pause(pauseMs(tried, token));
  }
}

/** With the pauses below, about three seconds. */
const attemptsMax = 10;
const firstPauseMs = 20;
const pauseMsMax = 640;

/** Doubles with each attempt; each caller has its own place between half of it and all of it. */
function pauseMs(tried: number, token: string): number {
  const all = Math.min(firstPauseMs * 2 ** (tried - 1), pauseMsMax);
  return all * (0.5 + placeOf(`${token}${tried}`) / 2);
}

/** From 0 to 1, the same for the same text. */
function placeOf(text: string): number {
  let hash = 7;
  for (let at = 0; at < text.length; at += 1) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(at)) >>> 0;
  }
  return hash / 2 ** 32;
}
