/** `wait`: how long, and by what it goes on. */
import { describe, expect, test } from 'vitest';
import { wait } from '../../lib/nodes/wait.ts';
import { contextWith, resumeNode, runNode } from '../support/node-runs.ts';

describe('wait', () => {
  const ctx = contextWith({ now: 1_000 });

  test.each([
    ['100ms', 1_100],
    ['30s', 31_000],
    ['1d', 86_401_000],
  ])('of %s parks until arrival plus the duration', (duration, deadline) => {
    expect(runNode(wait, { duration }, ctx)).toEqual({ kind: 'waiting', wait: { deadline } });
  });

  test('of nothing passes straight through', () => {
    expect(runNode(wait, { duration: '0s' }, ctx)).toEqual({ kind: 'completed' });
  });

  test('tells how long it parks', () => {
    expect(wait.parking?.(wait.config.parse({ duration: '2h' }))).toEqual({
      kind: 'fixed',
      durationMs: 7_200_000,
    });
  });

  test('completes when its time has come', () => {
    expect(resumeNode(wait, { duration: '1d' }, { kind: 'timer' })).toEqual({ kind: 'completed' });
  });

  test.each([
    [{ kind: 'timeout' } as const, 'wait does not go on by this trigger: timeout'],
    [
      { kind: 'event', event: { id: 'e', type: 't', data: {} } } as const,
      'wait does not go on by this trigger: event',
    ],
    [
      { kind: 'delivery', delivery: { status: 'sent' } } as const,
      'wait does not go on by this trigger: delivery',
    ],
  ])('fails on %j, which it never asked for', (trigger, detail) => {
    expect(resumeNode(wait, { duration: '1d' }, trigger)).toEqual({
      kind: 'failed',
      code: 'node.unexpected_trigger',
      detail,
      retryable: false,
    });
  });
});
