/** `wait_until`: which instant, and what if it has passed. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../lib/json.ts';
import { waitUntil } from '../../lib/nodes/wait-until.ts';
import { contextWith, resumeNode, runNode } from '../support/node-runs.ts';

const now = Date.parse('2026-03-01T08:00:00Z');
const at = (starts: Json | undefined): ReturnType<typeof contextWith> =>
  contextWith({ now, facts: { event: starts === undefined ? {} : { starts } } });

describe('wait_until', () => {
  test('parks until the instant drawn', () => {
    expect(runNode(waitUntil, { datetime: '2026-03-01T10:00:00+01:00' }, at(undefined))).toEqual({
      kind: 'waiting',
      wait: { deadline: 1_772_355_600_000 },
    });
  });

  test('parks until the instant found at the path', () => {
    expect(runNode(waitUntil, { datetime: 'event.starts' }, at('2026-03-01T09:00:00Z'))).toEqual({
      kind: 'waiting',
      wait: { deadline: 1_772_355_600_000 },
    });
  });

  test('continues at once when the instant has passed', () => {
    expect(runNode(waitUntil, { datetime: 'event.starts' }, at('2026-03-01T07:59:59Z'))).toEqual({
      kind: 'completed',
      notes: ['2026-03-01T07:59:59.000Z has passed, so no wait'],
    });
  });

  test('fails when the instant has passed and that was asked for', () => {
    const config = { datetime: 'event.starts', if_past: 'fail' };
    expect(runNode(waitUntil, config, at('2026-03-01T07:59:59Z'))).toEqual({
      kind: 'failed',
      code: 'wait_until.past',
      detail: '2026-03-01T07:59:59.000Z has passed',
      retryable: false,
    });
  });

  test.each(['continue', 'fail'])(
    'continues exactly at the instant, also with if_past %s',
    (if_past) => {
      const config = { datetime: '2026-03-01T08:00:00Z', if_past };
      expect(runNode(waitUntil, config, at(undefined)).kind).toBe('completed');
    },
  );

  test.each<[Json | undefined, string]>([
    [undefined, 'event.starts is not set'],
    [null, 'event.starts is not set'],
    ['soon', 'event.starts is "soon"'],
    ['2026-03-01T09:00:00', 'event.starts is "2026-03-01T09:00:00"'],
    [1_772_355_600_000, 'event.starts is 1772355600000'],
  ])('fails with the reason when %j is found at the path', (starts, found) => {
    expect(runNode(waitUntil, { datetime: 'event.starts' }, at(starts))).toEqual({
      kind: 'failed',
      code: 'wait_until.not_an_instant',
      detail: `${found}, not an instant with an offset such as "2026-03-01T09:00:00+01:00"`,
      retryable: false,
    });
  });

  test('needs what its path begins with', () => {
    const needs = (datetime: string): unknown =>
      waitUntil.needs?.(waitUntil.config.parse({ datetime }));
    expect(needs('customer.properties.day')).toEqual(['customer']);
    expect(needs('accumulated.wait_1.event.data.day')).toEqual(['accumulated']);
    expect(needs('event.day')).toEqual([]);
    expect(needs('2026-03-01T08:00:00Z')).toEqual([]);
  });

  test('completes when its time has come, and fails on anything else', () => {
    const config = { datetime: 'event.starts' };
    expect(resumeNode(waitUntil, config, { kind: 'timer' })).toEqual({ kind: 'completed' });
    expect(resumeNode(waitUntil, config, { kind: 'timeout' })).toMatchObject({
      kind: 'failed',
      code: 'node.unexpected_trigger',
      detail: 'wait_until does not go on by this trigger: timeout',
    });
  });
});
