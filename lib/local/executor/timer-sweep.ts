/**
 * The timers of parked executions: rows of the table in the order of their due times, and one alarm in the process for the
 * earliest of them. A timer stays in the table until what it brings about is stored, so no crash can lose it.
 */
import type { Clock } from '../../ports/clock.ts';
import type { Table } from '../../ports/table.ts';
import { backoffMs } from './backoff.ts';
import type { ExecutionKey } from './execution-key.ts';
import { splitTimerKey, timersDueBelow, timersPartition } from './execution-key.ts';
import type { Gate } from './gate.ts';

export interface SweepOptions {
  readonly table: Table;
  readonly clock: Clock;
  readonly gate: Gate;
  /** Acts on a timer that is due, and resolves when that is stored; when it rejects, the timer is met again later. */
  readonly onDue: (key: ExecutionKey, due: number) => Promise<void>;
  /** Resolves when there is room for more functions. */
  readonly room: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  /** Called when a sweep has ended. */
  readonly onQuiet: () => void;
}

/** How many timers are acted on side by side: enough to fill a commit, few enough to bound memory. */
const pageSize = 256;

export class TimerSweep {
  readonly #options: SweepOptions;
  #alarm: { readonly instant: number; readonly cancel: () => void } | undefined;
  #busy = false;
  /** True when a timer may have become due behind the sweep that is under way; looked at last before the sweep ends. */
  #again = false;
  #failures = 0;
  #stopped = false;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Notes that the table now has a timer that is due then. */
  noted(due: number): void {
    if (this.#busy && due <= this.#options.clock.now()) this.#again = true;
    else this.#arm(due);
  }

  /** Acts on what is due, and sets the alarm for what is not. Never throws. */
  begin(): void {
    if (this.#stopped) return;
    if (this.#busy) this.#again = true;
    else void this.#sweep();
  }

  stop(): void {
    this.#stopped = true;
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }

  async #sweep(): Promise<void> {
    const { clock, onFailure, onQuiet } = this.#options;
    this.#busy = true;
    try {
      do {
        await this.#actOnDue();
        await this.#armNext();
      } while (this.#takeAgain());
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) onFailure(error);
      this.#arm(clock.now() + backoffMs(this.#failures));
    }
    this.#busy = false;
    onQuiet();
  }

  #takeAgain(): boolean {
    const again = this.#again && !this.#stopped;
    this.#again = false;
    return again;
  }

  /** Page by page; throws the first failure after it has tried everything. */
  async #actOnDue(): Promise<void> {
    const { clock, room, table } = this.#options;
    const failures: unknown[] = [];
    let after: string | undefined;
    for (;;) {
      const below = timersDueBelow(clock.now());
      const page = await table.query({
        pk: timersPartition,
        limit: pageSize,
        below,
        ...(after !== undefined && { after }),
      });
      await Promise.all(page.items.map(({ sk }) => this.#act(sk, failures)));
      after = page.items.at(-1)?.sk;
      if (!page.more || this.#stopped) break;
      await room();
    }
    if (failures.length > 0) throw failures[0];
  }

  async #armNext(): Promise<void> {
    const { items } = await this.#options.table.query({ pk: timersPartition, limit: 1 });
    const [next] = items;
    if (next !== undefined) this.#arm(splitTimerKey(next.sk).due);
  }

  async #act(sk: string, failures: unknown[]): Promise<void> {
    const { key, due } = splitTimerKey(sk);
    try {
      await this.#options.onDue(key, due);
    } catch (error) {
      failures.push(error);
    }
  }

  #arm(instant: number): void {
    const { clock, gate } = this.#options;
    if (this.#stopped || (this.#alarm !== undefined && this.#alarm.instant <= instant)) return;
    this.#alarm?.cancel();
    const cancel = clock.wakeAt(instant, () => {
      this.#alarm = undefined;
      gate.run(() => {
        this.begin();
      });
    });
    this.#alarm = { instant, cancel };
  }
}
