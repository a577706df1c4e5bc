/** Instants -> text, in the format codes that Liquid's `date` filter took from Ruby. Never looks at the machine's time zone. */

export interface TimeZone {
  /** As `%Z` prints it: `UTC`, `Europe/Berlin`. */
  readonly name: string;
  /** Minutes east of UTC at an instant (epoch milliseconds). */
  readonly offsetAt: (instant: number) => number;
}

export const utc: TimeZone = { name: 'UTC', offsetAt: () => 0 };

/**
 * The instant in the words of the format: `strftime(0, '%Y-%m-%d')` is `1970-01-01`. Codes take the flags `-` (no padding), `_`
 * (blanks), `0` (zeros), `^` (upper case), `#` (other case), `:` (in `%:z`) and a width. An unknown code stays as it is.
 */
export function strftime(instant: number, format: string, zone: TimeZone = utc): string {
  const time = wallTime(instant, zone);
  return format.replace(
    codePattern,
    (written: string, flags: string, width: string, code: string) => {
      const composite = Object.hasOwn(composites, code) ? composites[code] : undefined;
      if (composite !== undefined) return cased(strftime(instant, composite, zone), flags);
      const field = Object.hasOwn(fields, code) ? fields[code] : undefined;
      if (field === undefined) return written;
      return padded(field.read(time, flags), flags, width, field);
    },
  );
}

const codePattern = /%([-_0^#:]*)(\d{1,2})?([a-zA-Z%])/g;

/** What a clock on the wall shows, read through the UTC side of a shifted date. */
interface WallTime {
  readonly shown: Date;
  readonly instant: number;
  readonly offsetMinutes: number;
  readonly zone: TimeZone;
}

function wallTime(instant: number, zone: TimeZone): WallTime {
  const offsetMinutes = zone.offsetAt(instant);
  return { shown: new Date(instant + offsetMinutes * 60_000), instant, offsetMinutes, zone };
}

interface Field {
  readonly read: (time: WallTime, flags: string) => string | number;
  readonly width?: number;
  readonly pad?: ' ';
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const dayName = ({ shown }: WallTime): string => days[shown.getUTCDay()] ?? '';
const monthName = ({ shown }: WallTime): string => months[shown.getUTCMonth()] ?? '';
const hour12 = ({ shown }: WallTime): number => shown.getUTCHours() % 12 || 12;
const half = ({ shown }: WallTime): string => (shown.getUTCHours() < 12 ? 'am' : 'pm');

const fields: Readonly<Record<string, Field>> = {
  a: { read: (time) => dayName(time).slice(0, 3) },
  A: { read: dayName },
  b: { read: (time) => monthName(time).slice(0, 3) },
  h: { read: (time) => monthName(time).slice(0, 3) },
  B: { read: monthName },
  C: { read: ({ shown }) => Math.floor(shown.getUTCFullYear() / 100), width: 2 },
  d: { read: ({ shown }) => shown.getUTCDate(), width: 2 },
  e: { read: ({ shown }) => shown.getUTCDate(), width: 2, pad: ' ' },
  H: { read: ({ shown }) => shown.getUTCHours(), width: 2 },
  I: { read: hour12, width: 2 },
  j: { read: ({ shown }) => dayOfYear(shown), width: 3 },
  k: { read: ({ shown }) => shown.getUTCHours(), width: 2, pad: ' ' },
  l: { read: hour12, width: 2, pad: ' ' },
  L: { read: ({ shown }) => shown.getUTCMilliseconds(), width: 3 },
  m: { read: ({ shown }) => shown.getUTCMonth() + 1, width: 2 },
  M: { read: ({ shown }) => shown.getUTCMinutes(), width: 2 },
  n: { read: () => '\n' },
  p: { read: (time) => half(time).toUpperCase() },
  P: { read: half },
  q: { read: ({ shown }) => ordinal(shown.getUTCDate()) },
  s: { read: ({ instant }) => Math.floor(instant / 1_000) },
  S: { read: ({ shown }) => shown.getUTCSeconds(), width: 2 },
  t: { read: () => '\t' },
  u: { read: ({ shown }) => shown.getUTCDay() || 7 },
  U: { read: ({ shown }) => weekOfYear(shown, 0), width: 2 },
  w: { read: ({ shown }) => shown.getUTCDay() },
  W: { read: ({ shown }) => weekOfYear(shown, 1), width: 2 },
  y: { read: ({ shown }) => shown.getUTCFullYear() % 100, width: 2 },
  Y: { read: ({ shown }) => shown.getUTCFullYear(), width: 4 },
  z: { read: offsetText },
  Z: { read: ({ zone }) => zone.name },
  '%': { read: () => '%' },
};

const composites: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

function padded(value: string | number, flags: string, width: string, field: Field): string {
  const text = cased(String(value), flags);
  if (flags.includes('-')) return text;
  const wanted =
    width === '' || (width as string | undefined) === undefined
      ? (field.width ?? 0)
      : Number(width);
  const pad = flags.includes('_')
    ? ' '
    : flags.includes('0')
      ? '0'
      : (field.pad ?? (typeof value === 'number' ? '0' : ' '));
  return text.padStart(wanted, pad);
}

function cased(text: string, flags: string): string {
  if (flags.includes('^')) return text.toUpperCase();
  if (!flags.includes('#')) return text;
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}

function offsetText({ offsetMinutes }: WallTime, flags: string): string {
  const minutes = Math.abs(Math.trunc(offsetMinutes));
  const digits = (value: number): string => String(value).padStart(2, '0');
  const colon = flags.includes(':') ? ':' : '';
  const sign = offsetMinutes < 0 ? '-' : '+';
  return `${sign}${digits(Math.floor(minutes / 60))}${colon}${digits(minutes % 60)}`;
}

const msPerDay = 86_400_000;

function dayOfYear(shown: Date): number {
  const newYear = Date.UTC(shown.getUTCFullYear(), 0, 1);
  return Math.floor((shown.getTime() - newYear) / msPerDay) + 1;
}

/** Days before the first `startDay` of the year are in week 0. */
function weekOfYear(shown: Date, startDay: number): number {
  const daysIntoWeek = (shown.getUTCDay() - startDay + 7) % 7;
  return Math.floor((dayOfYear(shown) - 1 - daysIntoWeek + 7) / 7);
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}
