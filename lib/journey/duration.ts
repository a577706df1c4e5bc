/**
 * Durations as journeys spell them: `100ms`, `30s`, `15m`, `12h`, `3d`, `2w`. A whole number and one unit, nothing else, so
 * that a typing mistake is refused when the journey is published and never becomes a wait of the wrong length.
 */
export type ParsedDuration = { readonly ms: number } | { readonly problem: string };

const msByUnit = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const;

/** Five years of 365 days: longer waits are mistakes, and instants stay exact integers. */
const durationMsMax = 5 * 365 * msByUnit.d;

/**
 * Reads a duration in milliseconds, from 0 to five years. The problem is worded to follow the name of the field:
 * `must be a duration such as "3d" ...`.
 */
export function parseDuration(input: unknown): ParsedDuration {
  const match = typeof input === 'string' ? durationPattern.exec(input) : null;
  const amount = match?.[1];
  const unit = match?.[2];
  if (amount === undefined || !isUnit(unit)) return { problem: malformed };
  const ms = Number(amount) * msByUnit[unit];
  return ms <= durationMsMax ? { ms } : { problem: 'must not be longer than 5 years (1825d)' };
}

/** The shortest way to write it that `parseDuration` reads: `7d` is `1w`, 90,000 ms is `90s`. */
export function spellDuration(ms: number): string {
  const fitting = Object.entries(msByUnit).filter(([, size]) => ms % size === 0);
  const [unit, size] = fitting.at(-1) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

const durationPattern = /^(\d+)(ms|s|m|h|d|w)$/;

const malformed =
  'must be a duration such as "3d": a whole number and one of the units ms, s, m, h, d, w, without spaces';

function isUnit(unit: string | undefined): unit is keyof typeof msByUnit {
  return unit !== undefined && Object.hasOwn(msByUnit, unit);
}
