/** The alarm of an execution that stays in memory while a function runs for it: a task's timeout, say. It is gone with the process. */
import type { Clock } from '../../ports/clock.ts';
import type { Gate } from './gate.ts';
import type { LiveExecution } from './live-execution.ts';
import { dueOf, hasRunningTask } from './live-execution.ts';

export interface AlarmOptions {
  readonly clock: Clock;
  readonly gate: Gate;
}

/** Sets the alarm for what is due next; a parked execution has its timer in the table instead. */
export function setAlarm(
  live: LiveExecution,
  { clock, gate }: AlarmOptions,
  onDue: () => void,
): void {
  const instant = hasRunningTask(live) ? dueOf(live) : Infinity;
  if (live.alarm?.instant === instant) return;
  cancelAlarm(live);
  if (instant === Infinity) return;
  const cancel = clock.wakeAt(instant, () => {
    live.alarm = undefined;
    gate.run(() => {
      onDue();
    });
  });
  live.alarm = { instant, cancel };
}

export function cancelAlarm(live: LiveExecution): void {
  live.alarm?.cancel();
  live.alarm = undefined;
}
