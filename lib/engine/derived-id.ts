/** Ids that follow from what they stand for: the same facts give the same id, so that doing something again is noticed. */
import { createHash } from 'node:crypto';
import { alphabet, chanceCharacters, timePart } from '../ports/time-ordered-id.ts';

/** @param at epoch milliseconds: the id sorts by it, as every id does */
export function derivedId(facts: readonly (string | number)[], at: number): string {
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest();
  const chance = Array.from(
    digest.subarray(0, chanceCharacters),
    (byte) => alphabet[byte % alphabet.length],
  );
  return timePart(at) + chance.join('');
}
