/**
 * How executions, their timers and their tokens are named in the table. The tenant is part of every key, and a token leads to
 * exactly one attempt of one task of one execution.
 */
import { isExecutionName } from '../../ports/executions.ts';
import type { Key } from '../../ports/table.ts';

export const timersPartition = 'timers';

/** Index value of the executions that have a function running: what a new process must take up. */
export const runningIndex = 'executions.running';

/** `tenant#x#name`: also the partition of the execution's row, which is alone in it and found without looking at others. */
export type ExecutionKey = string;

const separator = '#x#';

export const executionSortKey = 'x';

export function executionKey(tenant: string, name: string): ExecutionKey {
  return tenant + separator + name;
}

/** A name has no `#`, so the last separator is the one. */
export function splitExecutionKey(key: ExecutionKey): { tenant: string; name: string } {
  const at = key.lastIndexOf(separator);
  return { tenant: key.slice(0, at), name: key.slice(at + separator.length) };
}

export function rowKey(key: ExecutionKey): Key {
  return { pk: key, sk: executionSortKey };
}

/** `tenant#x#name:task`. The same attempt has the same token before and after a crash, so it need not be stored. */
export function tokenOf(key: ExecutionKey, task: number): string {
  return `${key}:${task.toString(36)}`;
}

/** Answers `undefined` for a text that is no token of this executor. */
export function readToken(token: string): { key: ExecutionKey; task: number } | undefined {
  const [, key = '', number = ''] = /^(.+):([0-9a-z]{1,6})$/s.exec(token) ?? [];
  const isKey = key.includes(separator) && isExecutionName(splitExecutionKey(key).name);
  const task = parseInt(number, 36);
  return isKey && task > 0 ? { key, task } : undefined;
}

/** Nine digits of base 36 hold every millisecond until the year 5188, and sort as the numbers do. */
const instantDigits = 9;

function sortableInstant(instant: number): string {
  return Math.max(0, instant).toString(36).padStart(instantDigits, '0');
}

export function timerKey(due: number, key: ExecutionKey): Key {
  return { pk: timersPartition, sk: sortableInstant(due) + key };
}

export function splitTimerKey(sk: string): { due: number; key: ExecutionKey } {
  return { due: parseInt(sk.slice(0, instantDigits), 36), key: sk.slice(instantDigits) };
}

/** Timers with a sort key below this one are due at `now`. */
export function timersDueBelow(now: number): string {
  return sortableInstant(now + 1);
}
