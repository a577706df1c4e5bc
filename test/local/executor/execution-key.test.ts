/** Keys and tokens: what they look like, and that each leads back to what it was made from. */
import { describe, expect, it } from 'vitest';
import {
  executionKey,
  readToken,
  rowKey,
  splitExecutionKey,
  splitTimerKey,
  timerKey,
  timersDueBelow,
  tokenOf,
} from '../../../lib/local/executor/execution-key.ts';

describe('an execution key', () => {
  it('joins tenant and name, and gives them back', () => {
    expect(executionKey('acme', 'e-1')).toBe('acme#x#e-1');
    expect(splitExecutionKey('acme#x#e-1')).toEqual({ tenant: 'acme', name: 'e-1' });
  });

  it('keeps tenants apart that look like keys themselves', () => {
    expect(splitExecutionKey(executionKey('a#x#b', 'c'))).toEqual({ tenant: 'a#x#b', name: 'c' });
  });

  it('is a partition of its own', () => {
    expect(rowKey('acme#x#e1')).toEqual({ pk: 'acme#x#e1', sk: 'x' });
  });
});

describe('a token', () => {
  it('names an execution and a task of it', () => {
    expect(tokenOf('acme#x#e1', 3)).toBe('acme#x#e1:3');
    expect(tokenOf('acme#x#e1', 25_000)).toBe('acme#x#e1:jag');
    expect(readToken('acme#x#e1:jag')).toEqual({ key: 'acme#x#e1', task: 25_000 });
    expect(readToken('a:b#x#e1:3')).toEqual({ key: 'a:b#x#e1', task: 3 });
  });

  it.each([
    '',
    ':',
    'acme#x#e1',
    'acme#x#e1:',
    'acme#x#e1:0',
    'acme#x#e1:A',
    'acme#x#e1:1234567',
    'acme#x#:1',
    'acme#x#e 1:1',
    'acme:1',
    '#x:1',
  ])('is not %j', (token) => {
    expect(readToken(token)).toBeUndefined();
  });
});

describe('a timer key', () => {
  it('sorts as its due time does', () => {
    const keys = [0, 1, 35, 36, 1_767_225_600_000, 1_767_225_600_001, 253_402_300_799_000].map(
      (due) => timerKey(due, 'acme#x#e1').sk,
    );
    expect(keys[0]).toBe('000000000acme#x#e1');
    expect(keys[4]).toBe('0mjuohs00acme#x#e1');
    expect([...keys].sort()).toEqual(keys);
  });

  it('gives its parts back', () => {
    const { pk, sk } = timerKey(1_767_225_600_000, 'acme#x#e1');
    expect(pk).toBe('timers');
    expect(splitTimerKey(sk)).toEqual({ due: 1_767_225_600_000, key: 'acme#x#e1' });
  });

  it('of a time before the epoch is due at once', () => {
    expect(splitTimerKey(timerKey(-5, 'acme#x#e1').sk)).toEqual({ due: 0, key: 'acme#x#e1' });
  });

  it('is below the bound at its due time, and not before', () => {
    const { sk } = timerKey(1_000, 'acme#x#e1');
    expect(sk < timersDueBelow(1_000)).toBe(true);
    expect(sk < timersDueBelow(999)).toBe(false);
  });
});
