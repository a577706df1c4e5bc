/** `exit`: how the journey ends. */
import { describe, expect, test } from 'vitest';
import { exit } from '../../lib/nodes/exit.ts';
import { runNode } from '../support/node-runs.ts';

describe('exit', () => {
  test('ends the journey', () => {
    expect(runNode(exit, {})).toEqual({ kind: 'ended' });
  });

  test('ends the journey with the reason drawn', () => {
    expect(runNode(exit, { reason: 'not interested' })).toEqual({
      kind: 'ended',
      reason: 'not interested',
    });
  });

  test('always ends', () => {
    expect(exit.ends?.(exit.config.parse({}))).toBe(true);
  });
});
