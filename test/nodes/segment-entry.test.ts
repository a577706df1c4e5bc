/** `segment_entry`: what it waits for. */
import { describe, expect, test } from 'vitest';
import { segmentEntry } from '../../lib/nodes/segment-entry.ts';
import { configProblems, runNode } from '../support/node-runs.ts';

const triggerOf = (config: object): unknown =>
  segmentEntry.entry?.(segmentEntry.config.parse(config));

describe('segment_entry', () => {
  test('waits for customers who come into the segment', () => {
    expect(triggerOf({ segment_id: 'vip' })).toEqual({ kind: 'segment', segment: 'vip' });
    expect(triggerOf({ segment_id: 'vip', on: 'enter' })).toEqual({
      kind: 'segment',
      segment: 'vip',
    });
  });

  test('looks when its schedule says', () => {
    expect(triggerOf({ segment_id: 'vip', schedule: '0 9 * * MON' })).toEqual({
      kind: 'segment',
      segment: 'vip',
      schedule: '0 9 * * MON',
    });
  });

  test('refuses a schedule that is none, and one that never comes', () => {
    const problems = (schedule: string): readonly string[] =>
      configProblems(segmentEntry, { segment_id: 'vip', schedule });
    expect(problems('daily')).toEqual([
      'must be a schedule of five cron fields in UTC, such as "0 9 * * MON-FRI": minute, hour, day of month, month, day of week',
    ]);
    expect(problems('0 0 31 2 *')).toEqual(['never comes']);
  });

  test('lets the customer go on', () => {
    expect(runNode(segmentEntry, { segment_id: 'vip' })).toEqual({ kind: 'completed' });
  });
});
