/** The clock of the machine, with the machine's own time replaced. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';

const start = Date.UTC(2026, 0, 1);
const day = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

it('never goes back when the machine does', () => {
  const clock = systemClock();
  expect(clock.now()).toBe(start);
  vi.setSystemTime(start - 5_000);
  expect(clock.now()).toBe(start);
  vi.setSystemTime(start + 1);
  expect(clock.now()).toBe(start + 1);
});

it('wakes at the instant, not before', () => {
  const clock = systemClock();
  const wake = vi.fn();
  clock.wakeAt(start + 1_000, wake);
  vi.advanceTimersByTime(999);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(wake).toHaveBeenCalledOnce();
});

it('wakes at once for an instant that is over, but never while it is being asked', () => {
  const wake = vi.fn();
  systemClock().wakeAt(start - 1, wake);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(wake).toHaveBeenCalledOnce();
});

it('sleeps longer than the timers of Node can', () => {
  const wake = vi.fn();
  systemClock().wakeAt(start + 300 * day, wake);
  vi.advanceTimersByTime(300 * day - 1);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(wake).toHaveBeenCalledOnce();
});

it('wakes nobody who has changed their mind, however far away the instant is', () => {
  const clock = systemClock();
  const wake = vi.fn();
  const cancelSoon = clock.wakeAt(start + 10, wake);
  const cancelLate = clock.wakeAt(start + 300 * day, wake);
  cancelSoon();
  vi.advanceTimersByTime(100 * day);
  cancelLate();
  vi.advanceTimersByTime(300 * day);
  expect(wake).not.toHaveBeenCalled();
});
