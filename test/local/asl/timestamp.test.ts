/** Which texts are timestamps, and which instants they are. */
import { describe, expect, it } from 'vitest';
import { parseTimestamp, timestampMs } from '../../../lib/local/asl/timestamp.ts';

describe('parseTimestamp', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:01.5Z', 1_500],
    ['1970-01-01T01:00:00+01:00', 0],
    ['1969-12-31T22:30:00-01:30', 0],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
    ['1970-01-01T00:00:00.000001Z', 0.001],
  ])('reads %s', (text, expected) => {
    expect(parseTimestamp(text)).toBeCloseTo(expected, 6);
  });

  it.each([
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '2026-01-01t00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+01:60',
    '01-01-2026T00:00:00Z',
  ])('refuses %s', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

describe('timestampMs', () => {
  it('rounds up to the first whole millisecond that is not before it', () => {
    expect(timestampMs('1970-01-01T00:00:00.0001Z')).toBe(1);
    expect(timestampMs('soon')).toBeUndefined();
  });
});
