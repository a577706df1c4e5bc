/** Ids and chance from the machine's own source of randomness. */
import { randomFillSync } from 'node:crypto';
import type { Chance } from '../../ports/chance.ts';
import type { Ids } from '../../ports/ids.ts';
import { alphabet, chanceCharacters, timePart } from '../../ports/time-ordered-id.ts';

/** Random bytes are drawn many at a time: one call for each id would cost more than the rest of the id. */
const poolBytes = 4096;

export function systemIds(): Ids {
  const pool = new Uint8Array(poolBytes);
  let at = poolBytes;
  return {
    next: (instant) => {
      if (at + chanceCharacters > poolBytes) {
        randomFillSync(pool);
        at = 0;
      }
      let chance = '';
      for (let place = 0; place < chanceCharacters; place++) {
        chance += alphabet.charAt((pool[at + place] ?? 0) % alphabet.length);
      }
      at += chanceCharacters;
      return timePart(instant) + chance;
    },
  };
}

export function systemChance(): Chance {
  return { next: () => Math.random() };
}
