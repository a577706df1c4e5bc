/** `wait_for_event`: what it waits for, and by which branch it leaves. */
import { describe, expect, test } from 'vitest';
import { waitForEvent } from '../../lib/nodes/wait-for-event.ts';
import { configProblems, contextWith, resumeNode, runNode } from '../support/node-runs.ts';

const config = { event_type: 'email_opened', timeout: '3d' };
const named = { ...config, event_branch: 'opened', timeout_branch: 'ignored' };
const event = { id: 'e1', type: 'email_opened', data: { campaign: 'spring' } };

describe('wait_for_event', () => {
  test('parks until the event or the timeout', () => {
    expect(runNode(waitForEvent, config, contextWith({ now: 1_000 }))).toEqual({
      kind: 'waiting',
      wait: { deadline: 259_201_000, event: { eventType: 'email_opened' } },
    });
  });

  test('waits only for events that pass the filter', () => {
    const filtered = { ...config, timeout: '100ms', filter: { campaign: 'spring' } };
    expect(runNode(waitForEvent, filtered, contextWith({ now: 0 }))).toEqual({
      kind: 'waiting',
      wait: {
        deadline: 100,
        event: {
          eventType: 'email_opened',
          filter: { all: [{ field: 'campaign', op: 'eq', value: 'spring' }] },
        },
      },
    });
  });

  test.each([
    [config, 'event_received'],
    [named, 'opened'],
  ])('%j leaves by %s when the event comes, and keeps it', (drawn, branch) => {
    expect(resumeNode(waitForEvent, drawn, { kind: 'event', event })).toEqual({
      kind: 'branched',
      branch,
      result: { branch, event },
      notes: [`the event email_opened came in time, so ${branch}`],
    });
  });

  test.each([
    [config, 'timed_out'],
    [named, 'ignored'],
  ])('%j leaves by %s when the time is over', (drawn, branch) => {
    const outcome = {
      kind: 'branched',
      branch,
      result: { branch },
      notes: [`no event email_opened came in time, so ${branch}`],
    };
    expect(resumeNode(waitForEvent, drawn, { kind: 'timeout' })).toEqual(outcome);
    expect(runNode(waitForEvent, { ...drawn, timeout: '0s' })).toEqual(outcome);
  });

  test('takes a timer for the timeout, never for the event (N7)', () => {
    expect(resumeNode(waitForEvent, config, { kind: 'timer' })).toMatchObject({
      kind: 'branched',
      branch: 'timed_out',
    });
  });

  test('fails on a delivery, which it never asked for', () => {
    expect(
      resumeNode(waitForEvent, config, { kind: 'delivery', delivery: { status: 'sent' } }),
    ).toMatchObject({
      kind: 'failed',
      code: 'node.unexpected_trigger',
      detail: 'wait_for_event does not go on by this trigger: delivery',
    });
  });

  test('declares the branches by the names they were given', () => {
    const branches = (drawn: object): unknown =>
      waitForEvent.branches?.(waitForEvent.config.parse(drawn));
    expect(branches(config)).toEqual(['event_received', 'timed_out']);
    expect(branches(named)).toEqual(['opened', 'ignored']);
  });

  test('refuses one name for both branches', () => {
    expect(configProblems(waitForEvent, { ...config, timeout_branch: 'event_received' })).toEqual([
      'event_branch and timeout_branch are both "event_received"',
    ]);
  });
});
