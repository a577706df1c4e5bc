/** Lets virtual time pass: from one instant at which something becomes due to the next, in order, until the end. */
import type { VirtualClock } from './virtual-clock.ts';

export interface TimePassing {
  readonly clock: VirtualClock;
  /** Runs everything that is due now. */
  readonly settle: () => Promise<void>;
  /** When the next schedule is due, in epoch milliseconds. */
  readonly nextScheduleAt: () => Promise<number | undefined>;
  readonly runSchedules: () => Promise<unknown>;
}

/** @param end epoch milliseconds */
export async function passTime(
  { clock, settle, nextScheduleAt, runSchedules }: TimePassing,
  end: number,
): Promise<void> {
  await settle();
  for (;;) {
    const alarm = clock.nextAlarm() ?? Infinity;
    const schedule = (await nextScheduleAt()) ?? Infinity;
    const next = Math.min(alarm, schedule);
    if (next > end) break;
    clock.moveTo(next);
    if (schedule <= next) await runSchedules();
    await settle();
  }
  clock.moveTo(end);
}
