/** The machine's clock, made to never go back. */
import type { Clock } from '../../ports/clock.ts';

/** Longer sleeps overflow the timers of Node; an alarm further away is set again on the way. */
const sleepMsMax = 2_000_000_000;

export function systemClock(): Clock {
  let latest = 0;
  const now = (): number => {
    latest = Math.max(latest, Date.now());
    return latest;
  };
  return {
    now,
    wakeAt: (instant, callback) => {
      let timer: NodeJS.Timeout;
      const sleep = (): void => {
        const remaining = instant - now();
        if (remaining <= 0) {
          timer = setTimeout(callback, 0);
        } else {
          timer = setTimeout(sleep, Math.min(remaining, sleepMsMax));
        }
      };
      sleep();
      return () => clearTimeout(timer);
    },
  };
}
