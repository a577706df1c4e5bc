/** Instants as journeys spell them: ISO 8601 with an offset, so that nobody has to guess whose midnight is meant. */

/**
 * Epoch milliseconds of `2026-03-01T09:00:00+01:00` or `2026-03-01T08:00Z`; undefined for anything else, also for days that the
 * calendar does not have.
 */
export function parseInstant(input: unknown): number | undefined {
  const match = typeof input === 'string' ? instantPattern.exec(input) : null;
  if (match === null) return undefined;
  const [, day = '', minutes = '', seconds = ':00', fraction = '', offset = ''] = match;
  if (!isCalendarDay(day)) return undefined;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  const instant = Date.parse(`${day}T${minutes}${seconds}${fraction}${zone}`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** ISO 8601 in UTC, to the millisecond: `2026-03-01T08:00:00.000Z`. */
export function spellInstant(instant: number): string {
  return new Date(instant).toISOString();
}

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?(\.\d{1,9})?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;

/** JavaScript would take February 30 for March 2. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
