/** A clock that only moves when it is told to: thirty days pass in milliseconds, and always in the same order. */
import type { Clock } from '../ports/clock.ts';

export interface VirtualClock extends Clock {
  /** The instant of the earliest alarm, if any is set. */
  nextAlarm(): number | undefined;
  /** Moves on to the instant and calls every alarm that is due, in order; never moves back. */
  moveTo(instant: number): void;
  /** Forgets every alarm, as a dying process does. */
  forgetAlarms(): void;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** @param start epoch milliseconds */
export function virtualClock(start: number): VirtualClock {
  let now = start;
  let order = 0;
  const alarms = new Set<Alarm>();
  return {
    now: () => now,
    wakeAt: (instant, callback) => {
      const alarm: Alarm = { at: instant, order: order++, callback };
      alarms.add(alarm);
      return () => {
        alarms.delete(alarm);
      };
    },
    nextAlarm: () => {
      let next: number | undefined;
      for (const { at } of alarms) if (next === undefined || at < next) next = at;
      return next;
    },
    moveTo: (instant) => {
      now = Math.max(now, instant);
      for (const alarm of [...alarms].filter(({ at }) => at <= now).toSorted(inOrder)) {
        // An alarm that was called before may have cancelled this one.
        if (alarms.delete(alarm)) alarm.callback();
      }
    },
    forgetAlarms: () => {
      alarms.clear();
    },
  };
}

function inOrder(a: Alarm, b: Alarm): number {
  return a.at - b.at || a.order - b.order;
}
