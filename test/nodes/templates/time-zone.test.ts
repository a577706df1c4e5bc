/** Time zones by name and by number. */
import { describe, expect, test } from 'vitest';
import { timeZone } from '../../../lib/nodes/templates/time-zone.ts';

const winter = Date.parse('2026-01-15T12:00:00Z');
const summer = Date.parse('2026-07-15T12:00:00.500Z');

describe('timeZone', () => {
  test.each([undefined, null, '', 'UTC'])('%s is UTC', (zone) => {
    expect(timeZone(zone).name).toBe('UTC');
    expect(timeZone(zone).offsetAt(summer)).toBe(0);
  });

  test.each([
    ['Europe/Berlin', 60, 120],
    ['America/New_York', -300, -240],
    ['Asia/Kolkata', 330, 330],
    ['Pacific/Auckland', 780, 720],
  ])('%s is %d minutes east of UTC in January and %d in July', (zone, january, july) => {
    expect(timeZone(zone).offsetAt(winter)).toBe(january);
    expect(timeZone(zone).offsetAt(summer)).toBe(july);
    expect(timeZone(zone).name).toBe(zone);
  });

  test('changes at the instant at which clocks change', () => {
    const change = Date.parse('2026-03-29T01:00:00Z');
    expect(timeZone('Europe/Berlin').offsetAt(change - 1)).toBe(60);
    expect(timeZone('Europe/Berlin').offsetAt(change)).toBe(120);
  });

  test('a number is minutes west of UTC', () => {
    expect(timeZone(-90).offsetAt(winter)).toBe(90);
  });

  test.each(['Mars/Olympus', true, {}])('refuses %j', (zone) => {
    expect(() => timeZone(zone)).toThrow(RangeError);
  });

  test('keeps working with any number of spellings', () => {
    for (let at = 0; at < 2 ** 11; at++) {
      let bit = 0;
      const spelling = 'europe/berlin'.replace(/[a-z]/g, (letter) =>
        (at >> bit++) & 1 ? letter.toUpperCase() : letter,
      );
      expect(timeZone(spelling).offsetAt(winter)).toBe(60);
    }
  });
});
