/** `check_segment`: which branch, why, and what happens when nobody can tell. */
import { describe, expect, test } from 'vitest';
import { checkSegment } from '../../lib/nodes/check-segment.ts';
import { contextWith, runNode } from '../support/node-runs.ts';

const hour = 3_600_000;
const start = Date.parse('2026-01-01T00:00:00Z');

function triedFor(ms: number): ReturnType<typeof contextWith> {
  return contextWith({ startedAt: start, now: start + ms, segment: { kind: 'unavailable' } });
}

describe('check_segment', () => {
  test.each([
    [true, 'true'],
    [false, 'false'],
  ])('a customer of whom "is in" is %s leaves by %s, and the step says why', (isIn, branch) => {
    const ctx = contextWith({ segment: { kind: 'known', isIn, because: 'customer.id is "c1"' } });
    expect(runNode(checkSegment, { segment_id: 'vip' }, ctx)).toEqual({
      kind: 'branched',
      branch,
      result: { branch },
      notes: [`customer.id is "c1", so ${branch}`],
    });
  });

  test.each([0, hour - 1])('is tried again while the store has been away for %i ms', (ms) => {
    expect(runNode(checkSegment, { segment_id: 'vip' }, triedFor(ms))).toEqual({
      kind: 'later',
      detail: 'the segment store does not answer',
    });
  });

  test('fails after an hour unless told otherwise', () => {
    expect(runNode(checkSegment, { segment_id: 'vip' }, triedFor(hour))).toEqual({
      kind: 'failed',
      code: 'segment.unavailable',
      detail: 'the segment store did not answer',
      retryable: false,
    });
  });

  test('goes on by false after the time that it is given, when told so', () => {
    const config = { segment_id: 'vip', on_unavailable: 'false', retry_for: '10m' };
    expect(runNode(checkSegment, config, triedFor(599_999))).toMatchObject({ kind: 'later' });
    expect(runNode(checkSegment, config, triedFor(600_000))).toEqual({
      kind: 'branched',
      branch: 'false',
      result: { branch: 'false' },
      notes: ['the segment store did not answer, so false'],
    });
  });

  test('does not wait at all for 0s', () => {
    const config = { segment_id: 'vip', on_unavailable: 'false', retry_for: '0s' };
    expect(runNode(checkSegment, config, triedFor(0))).toMatchObject({ branch: 'false' });
  });

  test.each([
    ['fail', { kind: 'failed', code: 'segment.unknown', retryable: false }],
    ['false', { kind: 'branched', branch: 'false' }],
  ])('takes a segment that is gone as one that is away for ever: %s', (otherwise, outcome) => {
    const config = { segment_id: 'vip', on_unavailable: otherwise };
    expect(runNode(checkSegment, config)).toMatchObject(outcome);
  });
});
