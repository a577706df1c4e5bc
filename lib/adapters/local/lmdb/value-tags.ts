/**
 * The tags of stored values: one byte that says what follows. Small numbers, short texts and short lists have their value or
 * length in the tag; such a range runs from its tag up to the next one. The encoder and the decoder share this page and nothing
 * else; a tag never changes its meaning, because it is on users' disks.
 */
export const tags = {
  smallNumber: 0x00,
  shortText: 0x40,
  shortList: 0xa0,
  null: 0xb0,
  false: 0xb1,
  true: 0xb2,
  /** A length, and as many bytes of UTF-8. */
  text: 0xb3,
  /** A count, and as many values. */
  list: 0xb4,
  /** The number of a shape, and a value for each of its names. */
  shapedObject: 0xb5,
  /** A count, and as many pairs of name and value. */
  namedObject: 0xb6,
  /** Eight bytes, little-endian like all numbers. */
  float: 0xb7,
  /** Five bytes to be added to `recentFrom`. */
  recentInstant: 0xb8,
  /** From here up to `negative`: whole numbers of one to seven bytes. */
  positive: 0xb9,
  /** The same, below zero. */
  negative: 0xc0,
  /** The number of a known text, less those that have a tag of their own. */
  knownText: 0xc7,
  /** From here up: the known texts with the lowest numbers. */
  firstKnownTexts: 0xc8,
} as const;

/** How many known texts have a tag of their own. */
export const firstKnownTextsCount = 0x100 - tags.firstKnownTexts;

export const smallNumberMax = tags.shortText - tags.smallNumber - 1;
export const shortTextMax = tags.shortList - tags.shortText - 1;
export const shortListMax = tags.null - tags.shortList - 1;

/** Epoch milliseconds from 2004 to 2039 are in [2^40, 2^41): five bytes tell them apart. */
export const recentFrom = 2 ** 40;
export const recentBelow = 2 ** 41;
export const recentBytes = 5;
