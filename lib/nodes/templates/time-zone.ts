/** Names of time zones -> offsets, from the calendar data that the language carries. */
import { utc, type TimeZone } from './strftime.ts';

/**
 * A zone by its IANA name (`Europe/Berlin`), or by minutes west of UTC as JavaScript and Liquid count them (`-60`); UTC when
 * absent. Throws a RangeError for a name that does not exist.
 */
export function timeZone(zone: unknown): TimeZone {
  if (zone === undefined || zone === null || zone === '' || zone === 'UTC') return utc;
  if (typeof zone === 'number') return { name: '', offsetAt: () => -zone };
  if (typeof zone !== 'string') throw new RangeError('a time zone is a name or a number');
  const format = formatFor(zone);
  return { name: zone, offsetAt: (instant) => offsetIn(format, instant) };
}

/** Making a formatter takes far longer than using it; only real names get in, and there are some six hundred. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(name: string): Intl.DateTimeFormat {
  const known = formats.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formats.size >= formatsMax) formats.clear();
  formats.set(name, format);
  return format;
}

/** Names are matched without regard to case, so there are more spellings than zones. */
const formatsMax = 1_000;

function offsetIn(format: Intl.DateTimeFormat, instant: number): number {
  const shown = new Map(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return (wall - Math.floor(instant / 1_000) * 1_000) / 60_000;
}
