/** Instants in ISO 8601: what is read, and what is not taken for one. */
import { describe, expect, test } from 'vitest';
import { parseInstant, spellInstant } from '../../lib/journey/instant.ts';

describe('parseInstant', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-03-01T08:00Z', 1_772_352_000_000],
    ['2026-03-01T09:00:00+01:00', 1_772_352_000_000],
    ['2026-03-01T09:00:00+0100', 1_772_352_000_000],
    ['2026-02-28T22:30:00.250-09:30', 1_772_352_000_250],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  test.each([
    '2026-03-01T09:00:00',
    '2026-03-01',
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T09:00:60Z',
    '2026-03-01T09:00:00+15:00',
    '2026-03-01 09:00:00Z',
    'tomorrow',
    'event.starts_at',
    '',
    null,
    undefined,
    1_772_352_000_000,
  ])('does not take %j for an instant', (input) => {
    expect(parseInstant(input)).toBeUndefined();
  });
});

test('spells an instant in UTC, to the millisecond, so that it can be read again', () => {
  const instant = Date.UTC(2026, 2, 1, 8, 0, 0, 5);
  expect(spellInstant(instant)).toBe('2026-03-01T08:00:00.005Z');
  expect(parseInstant(spellInstant(instant))).toBe(instant);
});
