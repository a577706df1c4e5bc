/** Chance that is the same at every run with the same seed (mulberry32), and ids made from it. */
import type { Chance } from '../ports/chance.ts';
import type { Ids } from '../ports/ids.ts';
import { alphabet, chanceCharacters, timePart } from '../ports/time-ordered-id.ts';

export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

export function seededIds(chance: Chance): Ids {
  return {
    next: (at) => {
      let id = timePart(at);
      for (let place = 0; place < chanceCharacters; place++) {
        id += alphabet.charAt(Math.floor(chance.next() * alphabet.length));
      }
      return id;
    },
  };
}
