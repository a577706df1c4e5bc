/**
 * Keeps the table's copy of each live execution up to date. One write of an execution is under way at a time, and carries its
 * newest state; so the table always holds a state that the execution really was in, and never goes back. While the store is
 * away the write is tried again and again: nothing is lost, and the process lives on.
 */
import type { Clock } from '../../ports/clock.ts';
import type { Table, Write } from '../../ports/table.ts';
import { backoffMs } from './backoff.ts';
import { rowKey, timerKey } from './execution-key.ts';
import { toRow } from './execution-row.ts';
import type { Gate } from './gate.ts';
import type { ChangeWaiter, LiveExecution } from './live-execution.ts';
import { dueOf, hasRunningTask } from './live-execution.ts';

export interface WriterOptions {
  readonly table: Table;
  readonly clock: Clock;
  readonly gate: Gate;
  /** Called when all changes of an execution are stored. */
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
    const [row, ...rest] = writesOf(live, timer);
    const writes = [{ ...row, if: 'absent' } as Write, ...rest];
    const answer = await this.#options.table.write({ name: 'execution.start', writes });
    if (answer.done) this.#note(live, live.changes, timer);
    return answer.done;
  }

  /** Notes that the execution has changed, and begins to store it. */
  changed(live: LiveExecution): void {
    if (live.stored === live.changes) this.#pending += 1;
    live.changes += 1;
    if (!live.writing) this.#begin(live);
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
    const { table, onStored } = this.#options;
    const change = live.changes;
    const timer = timerOf(live);
    try {
      await table.write({ name: 'execution.keep', writes: writesOf(live, timer) });
    } catch (error) {
      this.#failed(live, change, error);
      return;
    }
    live.failures = 0;
    live.writing = false;
    this.#note(live, change, timer);
    for (const waiter of takeWaiters(live, change)) waiter.stored();
    if (live.stored < live.changes) {
      this.#begin(live);
    } else {
      this.#pending -= 1;
      onStored(live);
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
  if (live.timer !== timer) {
    if (live.timer !== undefined) writes.push({ delete: timerKey(live.timer, live.key) });
    if (timer !== undefined) writes.push({ put: { ...timerKey(timer, live.key) } });
  }
  return writes;
}

function rowWrite({ key, ref, facts, prepared, state }: LiveExecution): Write {
  if (state === undefined) return { delete: rowKey(key) };
  const { input, startedAt } = facts;
  return { put: toRow(key, { machine: ref, input, startedAt, state }, prepared.keepsTimes) };
}

function takeWaiters(live: LiveExecution, change: number): readonly ChangeWaiter[] {
  if (live.waiters.length === 0) return [];
  const taken = live.waiters.filter((waiter) => waiter.change <= change);
  const left = live.waiters.filter((waiter) => waiter.change > change);
  live.waiters.splice(0, live.waiters.length, ...left);
  return taken;
}
