/**
 * Schedules as journeys spell them: five cron fields, read in UTC. When a schedule comes next is computed from an instant that is
 * given, so that the same journey always runs at the same times, whatever the clock says.
 */
import { Cron } from 'croner';

/**
 * What is wrong with a schedule, worded to follow the name of the field; undefined when it is one such as `0 9 * * MON-FRI`:
 * minute, hour, day of the month, month, day of the week.
 */
export function cronProblem(input: unknown): string | undefined {
  if (typeof input !== 'string' || input.length > charactersMax || !fiveFields.test(input)) {
    return malformed;
  }
  const cron = read(input);
  if (cron === undefined) return malformed;
  return cron.nextRun(new Date(anyInstant)) === null ? 'never comes' : undefined;
}

/**
 * The next time of the schedule, later than `after` (epoch milliseconds).
 *
 * `nextCronTime('0 9 * * *', Date.parse('2026-01-01T09:00:00Z'))` is 2026-01-02T09:00:00Z.
 */
export function nextCronTime(cron: string, after: number): number {
  const next = read(cron)?.nextRun(new Date(after));
  if (next === undefined || next === null) throw new Error(`not a schedule: ${cron}`);
  return next.getTime();
}

const charactersMax = 100;

/** A question mark stands for "now" in some dialects of cron: it is refused with everything else that is not listed here. */
const fiveFields = /^[0-9A-Za-z*,/#-]+( +[0-9A-Za-z*,/#-]+){4}$/;

const malformed =
  'must be a schedule of five cron fields in UTC, such as "0 9 * * MON-FRI": minute, hour, day of month, month, day of week';

/** A schedule that comes at all comes again after any instant. */
const anyInstant = Date.UTC(2000, 0, 1);

function read(pattern: string): Cron | undefined {
  try {
    return new Cron(pattern, { mode: '5-part', timezone: 'UTC', paused: true });
  } catch {
    return undefined;
  }
}
