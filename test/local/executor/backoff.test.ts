/** How the pauses between tries of a failing store grow. */
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../lib/local/executor/backoff.ts';

describe('backoffMs', () => {
  it('doubles from 50 ms up to 5 s, and stays there', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000_000].map(backoffMs)).toEqual([
      50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000,
    ]);
  });
});
