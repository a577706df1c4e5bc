/** Durations: what is read, and every spelling that publishing must refuse (U7). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration, spellDuration } from '../../lib/journey/duration.ts';

describe('parseDuration', () => {
  test.each([
    ['0s', 0],
    ['0ms', 0],
    ['1ms', 1],
    ['100ms', 100],
    ['30s', 30_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['3d', 259_200_000],
    ['2w', 1_209_600_000],
    ['007d', 604_800_000],
    ['1825d', 157_680_000_000],
    ['157680000000ms', 157_680_000_000],
  ])('reads %s as %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ms });
  });

  test.each([
    ' 30s ',
    '30 s',
    '30s\n',
    '-5d',
    '+5d',
    '1.5h',
    '1,5h',
    '30',
    'd',
    '',
    '3D',
    '3days',
    '1h30m',
    '3mo',
    '٣d',
    'P3D',
    null,
    undefined,
    30,
    true,
    ['3d'],
    { duration: '3d' },
  ])('refuses %j', (input) => {
    expect(parseDuration(input)).toEqual({
      problem:
        'must be a duration such as "3d": a whole number and one of the units ms, s, m, h, d, w, without spaces',
    });
  });

  test.each(['1826d', '261w', '157680000001ms', '9'.repeat(400) + 'd'])(
    'refuses more than five years: %s',
    (text) => {
      expect(parseDuration(text)).toEqual({ problem: 'must not be longer than 5 years (1825d)' });
    },
  );

  test('for every text: it is refused or gives a whole number of milliseconds up to five years', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,12}(ms|[smhdw])$/)), (text) => {
        const parsed = parseDuration(text);
        if ('problem' in parsed) return;
        expect(Number.isInteger(parsed.ms)).toBe(true);
        expect(parsed.ms).toBeGreaterThanOrEqual(0);
        expect(parsed.ms).toBeLessThanOrEqual(157_680_000_000);
      }),
    );
  });
});

describe('spellDuration', () => {
  test.each([
    [0, '0w'],
    [1, '1ms'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [129_600_000, '36h'],
    [604_800_000, '1w'],
    [2_592_000_000, '30d'],
  ])('writes %d milliseconds as %s', (ms, text) => {
    expect(spellDuration(ms)).toBe(text);
  });

  test('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.nat(157_680_000_000), (ms) => {
        expect(parseDuration(spellDuration(ms))).toEqual({ ms });
      }),
    );
  });
});
