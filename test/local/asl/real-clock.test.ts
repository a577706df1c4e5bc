/** The clock of a run that is not given another one: real time, and no alarm that keeps a process alive. */
import { describe, expect, it } from 'vitest';
import { realClock } from '../../../lib/local/asl/real-clock.ts';

describe('realClock', () => {
  it('tells whole milliseconds since 1970, and never goes back', () => {
    const first = realClock.now();
    const second = realClock.now();
    expect(Number.isInteger(first)).toBe(true);
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    expect(second).toBeGreaterThanOrEqual(first);
  });

  it('calls back at the instant or after it, also for an instant that has passed', async () => {
    const instant = realClock.now() + 5;
    await new Promise<void>((resolve) => {
      realClock.wakeAt(instant, resolve);
    });
    expect(realClock.now()).toBeGreaterThanOrEqual(instant);
    await new Promise<void>((resolve) => {
      realClock.wakeAt(0, resolve);
    });
  });

  it('does not call back after it was cancelled, however far away the instant is', async () => {
    let called = false;
    const call = (): void => {
      called = true;
    };
    realClock.wakeAt(realClock.now() + 1, call)();
    realClock.wakeAt(realClock.now() + 90 * 86_400_000, call)();
    await new Promise<void>((resolve) => {
      realClock.wakeAt(realClock.now() + 5, resolve);
    });
    expect(called).toBe(false);
  });
});
