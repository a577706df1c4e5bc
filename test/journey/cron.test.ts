import { describe, expect, it } from 'vitest';
import { cronProblem, nextCronTime } from '../../lib/journey/cron.ts';

const malformed =
  'must be a schedule of five cron fields in UTC, such as "0 9 * * MON-FRI": minute, hour, day of month, month, day of week';

describe('a schedule', () => {
  it.each([
    '0 9 * * *',
    '*/5 * * * *',
    '0 9 * * MON-FRI',
    '0 9 * * mon',
    '15,45 8-18 1 */3 *',
    '0 0 29 2 *',
    '0 0 L * *',
    '0 0 * * 5#2',
  ])('%s is one', (cron) => {
    expect(cronProblem(cron)).toBeUndefined();
  });

  it.each([
    '',
    'every day',
    '0 9 * *',
    '* * * * * *',
    '60 * * * *',
    '0 24 * * *',
    '0 9 * * 8',
    '0 9 32 * *',
    '*/0 * * * *',
    '0 9 * * 1,,2',
    '? ? ? ? ?',
    '@daily',
    ' 0 9 * * *',
    '0\t9\t*\t*\t*',
    '2026-01-01T00:00:00Z',
    `0${' '.repeat(100)}9 * * *`,
    5,
    null,
    {},
  ])('%o is none', (cron) => {
    expect(cronProblem(cron)).toBe(malformed);
  });

  it.each(['0 0 31 2 *', '0 0 30 2 *', '0 0 31 4,6,9,11 *'])('%s never comes', (cron) => {
    expect(cronProblem(cron)).toBe('never comes');
  });

  it.each([
    ['0 9 * * *', '2026-01-01T08:59:59.999Z', '2026-01-01T09:00:00.000Z'],
    ['0 9 * * *', '2026-01-01T09:00:00.000Z', '2026-01-02T09:00:00.000Z'],
    ['0 9 * * MON-FRI', '2026-01-02T09:00:00Z', '2026-01-05T09:00:00.000Z'],
    ['*/5 * * * *', '2026-01-01T00:04:59Z', '2026-01-01T00:05:00.000Z'],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['30 2 * * *', '2026-03-29T00:00:00Z', '2026-03-29T02:30:00.000Z'],
  ])('%s after %s comes at %s', (cron, after, next) => {
    expect(new Date(nextCronTime(cron, Date.parse(after))).toISOString()).toBe(next);
  });

  it('that is none has no next time', () => {
    expect(() => nextCronTime('every day', 0)).toThrow('not a schedule');
  });
});
