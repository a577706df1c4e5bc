/**
 * The id of an instance that an event creates: the same event gives the same id at every delivery, so it can enrol a customer in a
 * journey only once, for ever. It begins with the time of the first delivery, as every id does.
 */
import { createHash } from 'node:crypto';
import { alphabet, timePart } from '../ports/time-ordered-id.ts';

export function eventInstanceId(
  tenant: string,
  journey: string,
  event: string,
  receivedAt: number,
): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenant, journey, event]))
    .digest();
  const chance = Array.from(digest.subarray(0, 12), (byte) => alphabet[byte % alphabet.length]);
  return timePart(receivedAt) + chance.join('');
}
