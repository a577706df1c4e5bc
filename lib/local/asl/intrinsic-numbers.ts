/** Intrinsic functions on numbers, and unique ids. Arguments are rounded half up before anything else, as on AWS. */
import type { Json } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';
import type { IntrinsicFunction, IntrinsicResult } from './intrinsic-function.ts';

export const numberFunctions = {
  MathAdd: { arity: [2, 2], run: ([left, right]) => add(left, right) },
  MathRandom: {
    arity: [2, 3],
    run: ([start, end, seed], chance) => randomNumber(start, end, seed, chance),
  },
  UUID: { arity: [0, 0], run: (_args, chance) => ({ value: uuid(chance) }) },
} satisfies Record<string, IntrinsicFunction>;

function add(left: Json | undefined, right: Json | undefined): IntrinsicResult {
  if (typeof left !== 'number' || typeof right !== 'number') {
    return { fault: 'All arguments must be numbers.' };
  }
  // Adding 0 turns -0, which JSON cannot tell from 0, into 0.
  return { value: Math.round(left) + Math.round(right) + 0 };
}

/** A whole number from `start` (inclusive) to `end` (exclusive); the same seed gives the same number. */
function randomNumber(
  start: Json | undefined,
  end: Json | undefined,
  seed: Json | undefined,
  chance: Chance,
): IntrinsicResult {
  if (typeof start !== 'number' || typeof end !== 'number') {
    return { fault: 'All arguments must be numbers.' };
  }
  if (seed !== undefined && typeof seed !== 'number') {
    return { fault: 'All arguments must be numbers.' };
  }
  const from = Math.round(start);
  const width = Math.round(end) - from;
  if (width <= 0) return { fault: 'The start must be lower than the end.' };
  const draw = seed === undefined ? chance.next() : spread(Math.round(seed));
  return { value: from + Math.floor(draw * width) };
}

/** Spreads a seed over [0, 1): one round of the mulberry32 generator. */
function spread(seed: number): number {
  let mixed = (seed + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** A version 4 UUID from the given chance, so that a seeded run repeats its ids. */
function uuid(chance: Chance): string {
  const bytes = Array.from({ length: 16 }, () => Math.floor(chance.next() * 256));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
