/** `goal_reached`: one conversion, then the end or not. */
import { describe, expect, test } from 'vitest';
import { goalReached } from '../../lib/nodes/goal-reached.ts';
import { runNode } from '../support/node-runs.ts';

describe('goal_reached', () => {
  test('counts one conversion and ends the journey', () => {
    expect(runNode(goalReached, { goal_name: 'activated' })).toEqual({
      kind: 'ended',
      result: { goal: 'activated' },
      effects: [{ kind: 'convert', name: 'activated' }],
    });
  });

  test('counts one conversion with its value and lets the journey go on', () => {
    const config = { goal_name: 'bought', exit_after_goal: false, value: 49.9 };
    expect(runNode(goalReached, config)).toEqual({
      kind: 'completed',
      result: { goal: 'bought', value: 49.9 },
      effects: [{ kind: 'convert', name: 'bought', value: 49.9 }],
    });
  });

  test('ends unless told to go on', () => {
    const ends = (config: object): unknown => goalReached.ends?.(goalReached.config.parse(config));
    expect(ends({ goal_name: 'g' })).toBe(true);
    expect(ends({ goal_name: 'g', exit_after_goal: true })).toBe(true);
    expect(ends({ goal_name: 'g', exit_after_goal: false })).toBe(false);
  });
});
