/** Real time for a state machine that runs in memory. It never goes back, and an alarm that was cancelled keeps nothing alive. */
import type { Clock } from '../../ports/clock.ts';

/** The longest delay that a timer takes; further alarms are set in steps. */
const delayMaxMs = 2 ** 31 - 1;

export const realClock: Clock = {
  now: realNow,
  wakeAt: (instant, callback) => {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = Math.ceil(instant - realNow());
      if (delayMs > 0) timer = setTimeout(arm, Math.min(delayMs, delayMaxMs));
      else timer = setTimeout(callback);
    };
    arm();
    return () => {
      clearTimeout(timer);
    };
  },
};

function realNow(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}
