/**
 * The executions that are in memory, and how they come and go: loaded when somebody tells them something or a timer is due,
 * kept while a function runs for them, let go when they are parked or ended and all of it is stored.
 */
import type { StartRequest } from '../../ports/executions.ts';
import type { Stimulus, TaskStimulus } from '../asl/advance.ts';
import { advance, callsInFlight, startExecution } from '../asl/advance.ts';
import type { TaskCall } from '../asl/turn.ts';
import { cancelAlarm, setAlarm } from './alarm.ts';
import { backoffMs } from './backoff.ts';
import type { ExecutionKey } from './execution-key.ts';
import { executionKey, rowKey } from './execution-key.ts';
import { fromRow, isTextRow } from './execution-row.ts';
import { ExecutionWriter, timerOf } from './execution-writer.ts';
import type { Activity, ExecutorOptions } from './executor-options.ts';
import type { LiveExecution } from './live-execution.ts';
import { canLeave, newLiveExecution, worldOf } from './live-execution.ts';
import type { Machines } from './machines.ts';
import { createMachines } from './machines.ts';
import type { TaskRunner } from './task-runner.ts';
import { createTaskRunner } from './task-runner.ts';
import { TimerSweep } from './timer-sweep.ts';

interface Opened {
  readonly live: LiveExecution;
  readonly calls: readonly TaskCall[];
}

export class ExecutionPool {
  readonly #options: Required<ExecutorOptions>;
  readonly #machines: Machines;
  readonly #tasks: TaskRunner;
  readonly #writer: ExecutionWriter;
  readonly #timers: TimerSweep;
  readonly #live = new Map<ExecutionKey, LiveExecution>();
  /** Executions that are being loaded or started: whoever else wants them waits for the same one. */
  readonly #opening = new Map<ExecutionKey, Promise<LiveExecution | undefined>>();
  #onQuiet: (() => void) | undefined;

  constructor(options: Required<ExecutorOptions>) {
    const { clock, gate, onError, table } = options;
    this.#options = options;
    this.#machines = createMachines(options.definitionOf, options.machinesMax);
    this.#tasks = createTaskRunner(options, (live, stimulus) => {
      this.#tellByItself(live, stimulus);
      this.#checkQuiet();
    });
    this.#writer = new ExecutionWriter({
      ...{ table, clock, gate },
      onStored: (live) => {
        this.#tasks.runHeld(live);
        this.#letGo(live);
      },
      onTimer: (due) => this.#timers.noted(due),
      onFailure: (live, error) => onError({ kind: 'store', error, execution: live.key }),
    });
    this.#timers = new TimerSweep({
      ...{ table, clock, gate },
      onDue: (key, due) => this.#actOnTimer(key, due),
      room: () => this.#tasks.room(),
      onFailure: (error) => onError({ kind: 'store', error }),
      onQuiet: () => this.#checkQuiet(),
    });
  }

  /** Resolves when the execution's first row is stored; answers false when the name is taken. */
  async start({ machine: ref, name, input }: StartRequest): Promise<boolean> {
    const { clock } = this.#options;
    const key = executionKey(ref.tenant, name);
    if (await this.#isLive(key)) return false;
    const outcome = { started: false };
    await this.#open(key, async () => {
      const prepared = await this.#machines.prepared(ref);
      const live = newLiveExecution({ key, ref, prepared, input, startedAt: clock.now() });
      const { state, calls } = startExecution(this.#world(live), live.facts.input);
      live.state = state;
      live.changes = 1;
      outcome.started = state === undefined || (await this.#writer.create(live));
      return outcome.started && state !== undefined ? { live, calls } : undefined;
    });
    if (outcome.started) return true;
    // The name may belong to an execution that a process before this one left in the middle of a step.
    await this.resume(key);
    return false;
  }

  /** Answers false when nothing in the execution waits for the stimulus. Either way, what it rests on is stored. */
  async tell(key: ExecutionKey, stimulus: TaskStimulus): Promise<boolean> {
    const told = await this.#withLive(key, (live) => this.#tell(live, stimulus));
    return told === true;
  }

  /** Ends an execution from outside; answers false when there is none. */
  async end(tenant: string, name: string): Promise<boolean> {
    const ended = await this.#withLive(executionKey(tenant, name), (live) => {
      if (live.state === undefined) return false;
      live.state = undefined;
      this.#writer.changed(live);
      return true;
    });
    return ended === true;
  }

  /** Takes up an execution that was left running; keeps trying while it cannot be loaded. */
  async resume(key: ExecutionKey, failures = 0): Promise<void> {
    const { clock, gate, onError } = this.#options;
    try {
      await this.#withLive(key, () => undefined);
    } catch (error) {
      if (failures === 0) onError({ kind: 'execution', error, execution: key });
      clock.wakeAt(clock.now() + backoffMs(failures + 1), () => {
        gate.run(() => void this.resume(key, failures + 1));
      });
    }
  }

  /** Resolves when there is room for more functions. */
  room(): Promise<void> {
    return this.#tasks.room();
  }

  sweep(): void {
    this.#timers.begin();
  }

  activity(): Activity {
    const { running, waiting } = this.#tasks.counts;
    return {
      functionsRunning: running,
      functionsWaiting: waiting,
      unstored: this.#writer.pending,
      live: this.#live.size + this.#opening.size,
      sweeping: this.#timers.busy,
    };
  }

  /** Resolves when nothing is under way any more, or when `graceMs` are over. */
  async close(graceMs: number): Promise<void> {
    const { clock } = this.#options;
    this.#tasks.stop();
    this.#timers.stop();
    this.#writer.stop();
    await new Promise<void>((resolve) => {
      const cancel = clock.wakeAt(clock.now() + graceMs, resolve);
      this.#onQuiet = () => {
        cancel();
        resolve();
      };
      this.#checkQuiet();
    });
    for (const live of this.#live.values()) cancelAlarm(live);
    this.#live.clear();
  }

  /** Works with an execution, loading it if need be; resolves when all of its changes are stored. */
  async #withLive<Answer>(
    key: ExecutionKey,
    work: (live: LiveExecution) => Answer,
  ): Promise<Answer | undefined> {
    const live = await this.#hold(key);
    if (live === undefined) return undefined;
    try {
      const answer = work(live);
      await this.#writer.stored(live);
      return answer;
    } finally {
      this.#release(live);
    }
  }

  #release(live: LiveExecution): void {
    live.holders -= 1;
    this.#letGo(live);
  }

  /** Holds the execution from the moment at which it is found: one that is let go would be loaded a second time. */
  async #hold(key: ExecutionKey): Promise<LiveExecution | undefined> {
    for (;;) {
      const live = this.#live.get(key);
      if (live !== undefined) {
        live.holders += 1;
        return live;
      }
      const underWay = this.#opening.get(key);
      const opened = await (underWay ?? this.#open(key, () => this.#load(key)));
      if (opened === undefined && underWay === undefined) return undefined;
    }
  }

  /** True when the name is taken by an execution in memory, of which at least the first row is then stored. */
  async #isLive(key: ExecutionKey): Promise<boolean> {
    while (this.#live.has(key) || this.#opening.has(key)) {
      const runs = await this.#withLive(key, (live) => live.state !== undefined);
      if (runs === true) return true;
    }
    return false;
  }

  /**
   * Its functions begin when everybody can find the execution: what they cause must not be lost. All who want it wait for the
   * very same promise, so that they go on in the order in which they came.
   */
  #open(
    key: ExecutionKey,
    open: () => Promise<Opened | undefined>,
  ): Promise<LiveExecution | undefined> {
    const opening = open()
      .then((opened) => {
        if (opened === undefined) return undefined;
        this.#live.set(key, opened.live);
        this.#arm(opened.live);
        this.#tasks.run(opened.live, opened.calls);
        return opened.live;
      })
      .finally(() => {
        this.#opening.delete(key);
        this.#checkQuiet();
      });
    this.#opening.set(key, opening);
    return opening;
  }

  async #load(key: ExecutionKey): Promise<Opened | undefined> {
    const row = await this.#options.table.get(rowKey(key));
    if (row === undefined) return undefined;
    const { machine: ref, input, startedAt, state } = fromRow(row);
    const prepared = await this.#machines.prepared(ref);
    const live = newLiveExecution({ key, ref, prepared, input, startedAt });
    live.state = state;
    live.timer = timerOf(live);
    live.asText = isTextRow(row);
    return { live, calls: callsInFlight(this.#world(live), state) };
  }

  #tell(live: LiveExecution, stimulus: Stimulus): boolean {
    if (live.state === undefined) return false;
    const advanced = advance(this.#world(live), live.state, stimulus);
    if (advanced === undefined) return false;
    live.state = advanced.state;
    this.#writer.changed(live);
    this.#arm(live);
    this.#tasks.run(live, advanced.calls);
    return true;
  }

  /** For what nobody waits for: what comes too late is ignored, and a fault is reported. */
  #tellByItself(live: LiveExecution, stimulus: Stimulus): void {
    if (this.#live.get(live.key) !== live) return;
    try {
      this.#tell(live, stimulus);
    } catch (error) {
      this.#options.onError({ kind: 'execution', error, execution: live.key });
    }
  }

  async #actOnTimer(key: ExecutionKey, due: number): Promise<void> {
    const live = await this.#hold(key);
    if (live === undefined) {
      await this.#writer.dropTimerOfNothing(key, due);
      return;
    }
    try {
      // What the table shows may be ahead of what this process has been told: only a stored execution knows its timer.
      await this.#writer.stored(live);
      if (live.timer === due) this.#tell(live, { kind: 'tick' });
      else this.#writer.dropTimer(live, due);
      await this.#writer.stored(live);
    } finally {
      this.#release(live);
    }
  }

  #arm(live: LiveExecution): void {
    setAlarm(live, this.#options, () => {
      this.#tellByItself(live, { kind: 'tick' });
    });
  }

  #letGo(live: LiveExecution): void {
    if (canLeave(live) && this.#live.get(live.key) === live) {
      cancelAlarm(live);
      this.#live.delete(live.key);
    }
    this.#checkQuiet();
  }

  #world(live: LiveExecution): ReturnType<typeof worldOf> {
    const { clock, chance } = this.#options;
    return worldOf(live, clock.now(), chance);
  }

  #checkQuiet(): void {
    if (this.#onQuiet === undefined) return;
    const { functionsRunning, unstored, sweeping } = this.activity();
    if (functionsRunning === 0 && unstored === 0 && !sweeping) this.#onQuiet();
  }
}
