/**
 * Known texts: statuses, node names, event types and the like, which are in millions of items but are only a few. Such a text is
 * stored as its number; the text itself is stored once. A text becomes known after it has been seen often.
 */
export interface KnownText {
  readonly number: number;
  readonly text: string;
}

export interface Texts {
  /** The number of the text; undefined while it is not known. */
  numberOf(text: string): number | undefined;
  /** Throws when no such text was ever saved: the stored data is damaged. */
  withNumber(number: number): string;
  /** The text could not be saved: it is as if it had never been known. */
  forget(number: number): void;
}

/** How often a text is counted before it becomes known. */
const sightingsMin = 8;
/** One text in so many is counted: counting costs more than writing, and what is frequent is seen soon enough. */
const countedEvery = 8;
/** Shorter texts are not worth a number, longer ones are hardly ever the same. */
const lengthMin = 2;
const lengthMax = 32;
/** Numbers below 16,384 take at most two bytes. */
const knownMax = 16_000;
/** Texts being counted; when there are more, counting begins anew. */
const countedMax = 4_096;

/** `known` are the texts saved so far. `save` must store a new one no later than the first item that uses it. */
export function createTexts(known: readonly KnownText[], save: (text: KnownText) => void): Texts {
  const numbers = new Map(known.map(({ number, text }) => [text, number]));
  const texts = new Map(known.map(({ number, text }) => [number, text]));
  let sightings = new Map<string, number>();
  let nextNumber = Math.max(-1, ...texts.keys()) + 1;
  let passed = 0;

  function count(text: string): number | undefined {
    passed += 1;
    if (passed < countedEvery) return undefined;
    passed = 0;
    if (text.length < lengthMin || text.length > lengthMax) return undefined;
    if (texts.size >= knownMax) return undefined;
    const seen = (sightings.get(text) ?? 0) + 1;
    if (sightings.size >= countedMax) sightings = new Map();
    sightings.set(text, seen);
    if (seen < sightingsMin) return undefined;
    const number = nextNumber;
    nextNumber += 1;
    sightings.delete(text);
    numbers.set(text, number);
    texts.set(number, text);
    save({ number, text });
    return number;
  }

  return {
    numberOf: (text) => numbers.get(text) ?? count(text),

    withNumber(number) {
      const text = texts.get(number);
      if (text === undefined) throw new Error(`the stored item has an unknown text (${number})`);
      return text;
    },

    forget(number) {
      const text = texts.get(number);
      if (text !== undefined) numbers.delete(text);
      texts.delete(number);
    },
  };
}
