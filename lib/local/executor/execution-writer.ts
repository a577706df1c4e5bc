/**
 * Keeps the table's copy of each live execution up to date. One write of an execution is under way at a time, and carries its
 * newest state; so the table always holds a state that the execution really was in, and never goes back. While the store is
 * away the write is tried again and again: nothing is lost, and the process lives on.
 */
import { isKalciferError } from '../../kalcifer-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Table, Write, WriteAnswer } from '../../ports/table.ts';
import { backoffMs } from './backoff.ts';
import type { ExecutionKey } from './execution-key.ts';
import { rowKey, timerKey } from './execution-key.ts';
import { toRow, toTextRow } from './execution-row.ts';
import type { Gate } from './gate.ts';
import type { ChangeWaiter, LiveExecution } from './live-execution.ts';
import { dueOf, hasRunningTask } from './live-execution.ts';

export interface WriterOptions {
  readonly table: Table;
  readonly clock: Clock;
  readonly gate: Gate;
  /** Called whenever something of an execution has been stored, or will not be. */
  readonly onStored: (live: LiveExecution) => void;
  /** Called when a timer was put into the table. */
  readonly onTimer: (due: number) => void;
  /** Called at the first failure of a write, not at its repetitions. */
  readonly onFailure: (live: LiveExecution, error: unknown) => void;
}

export class ExecutionWriter {
  readonly #options: WriterOptions;
  #pending = 0;
  #stopped = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Executions with a change that is not stored yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Stores the first row of an execution under a name that is free; answers false when the name is taken. */
  async create(live: LiveExecution): Promise<boolean> {
    const timer = timerOf(live);
    const answer = await this.#put('execution.start', live, () => {
      const [row, ...rest] = writesOf(live, timer);
      return [{ ...row, if: 'absent' } as Write, ...rest];
    });
    if (answer.done) this.#note(live, live.changes, timer);
    return answer.done;
  }

  /** Notes that the execution has changed, and begins to store it. */
  changed(live: LiveExecution): void {
    if (live.stored === live.changes) this.#pending += 1;
    live.changes += 1;
    if (!live.writing) this.#begin(live);
  }

  /**
   * Removes a timer that is not the execution's any more. That is a write of the execution like any other: on its own it could
   * come too late, and remove the same timer after the execution has set it anew.
   */
  dropTimer(live: LiveExecution, due: number): void {
    live.strays = [...live.strays, due];
    this.changed(live);
  }

  /** Removes the timer of an execution that has ended, unless its name is started again just now. */
  async dropTimerOfNothing(key: ExecutionKey, due: number): Promise<void> {
    const writes: Write[] = [{ check: rowKey(key), if: 'absent' }, { delete: timerKey(due, key) }];
    await this.#options.table.write({ name: 'execution.timer', writes });
  }

  /** Resolves when every change so far is stored; rejects when the store fails now, while the writer keeps trying. */
  async stored(live: LiveExecution): Promise<void> {
    if (live.stored === live.changes) return;
    await new Promise<void>((stored, failed) => {
      live.waiters.push({ change: live.changes, stored, failed });
    });
  }

  /** Tries no failed write again. */
  stop(): void {
    this.#stopped = true;
  }

  #begin(live: LiveExecution): void {
    live.writing = true;
    void this.#write(live);
  }

  async #write(live: LiveExecution): Promise<void> {
    const { onStored } = this.#options;
    const change = live.changes;
    const timer = timerOf(live);
    const { strays } = live;
    try {
      await this.#put('execution.keep', live, () => writesOf(live, timer));
    } catch (error) {
      this.#failed(live, change, error);
      return;
    }
    live.failures = 0;
    live.writing = false;
    live.strays = live.strays.slice(strays.length);
    this.#note(live, change, timer);
    for (const waiter of takeWaiters(live, change)) waiter.stored();
    if (live.stored < live.changes) this.#begin(live);
    else this.#pending -= 1;
    onStored(live);
  }

  async #put(
    name: string,
    live: LiveExecution,
    writes: () => readonly Write[],
  ): Promise<WriteAnswer> {
    const { table } = this.#options;
    try {
      return await table.write({ name, writes: writes() });
    } catch (error) {
      if (live.asText || !isKalciferError(error, 'table.misuse')) throw error;
      live.asText = true;
      return table.write({ name, writes: writes() });
    }
  }

  #note(live: LiveExecution, change: number, timer: number | undefined): void {
    live.stored = change;
    live.timer = timer;
    if (timer !== undefined) this.#options.onTimer(timer);
  }

  #failed(live: LiveExecution, change: number, error: unknown): void {
    const { clock, gate, onFailure } = this.#options;
    live.failures += 1;
    for (const waiter of takeWaiters(live, change)) waiter.failed(error);
    if (live.failures === 1) onFailure(live, error);
    if (this.#stopped) {
      this.#giveUp(live);
      return;
    }
    clock.wakeAt(clock.now() + backoffMs(live.failures), () => {
      gate.run(() => {
        if (this.#stopped) this.#giveUp(live);
        else this.#begin(live);
      });
    });
  }

  /** What is not stored now is done again by the next process. */
  #giveUp(live: LiveExecution): void {
    this.#pending -= 1;
    this.#options.onStored(live);
  }
}

/** While a function runs, a new process would find the execution by the index; only what is parked needs a timer. */
export function timerOf(live: LiveExecution): number | undefined {
  if (live.state === undefined || hasRunningTask(live)) return undefined;
  const due = dueOf(live);
  return due === Infinity ? undefined : due;
}

function writesOf(live: LiveExecution, timer: number | undefined): readonly Write[] {
  const writes: Write[] = [rowWrite(live)];
  const { key, strays } = live;
  if (timer !== undefined && timer !== live.timer)
    writes.push({ put: { ...timerKey(timer, key) } });
  if (live.timer !== undefined && timer !== live.timer) {
    writes.push({ delete: timerKey(live.timer, key) });
  }
  for (const stray of new Set(strays)) {
    if (stray !== timer && stray !== live.timer) writes.push({ delete: timerKey(stray, key) });
  }
  return writes;
}

function rowWrite({ key, ref, facts, prepared, state, asText }: LiveExecution): Write {
  if (state === undefined) return { delete: rowKey(key) };
  const { input, startedAt } = facts;
  const row = toRow(key, { machine: ref, input, startedAt, state }, prepared.keepsTimes);
  return { put: asText ? toTextRow(row) : row };
}

function takeWaiters(live: LiveExecution, change: number): readonly ChangeWaiter[] {
  if (live.waiters.length === 0) return [];
  const taken = live.waiters.filter((waiter) => waiter.change <= change);
  const left = live.waiters.filter((waiter) => waiter.change > change);
  live.waiters.splice(0, live.waiters.length, ...left);
  return taken;
}
