/**
 * One computer for executor tests: a table and a clock that outlive the processes on it. A process can die at any write; from
 * then on nothing of it happens any more.
 */
import { createMemoryTable } from '../../../lib/adapters/local/memory-table.ts';
import type { Json, JsonObject } from '../../../lib/json.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import type {
  ErrorReport,
  ExecutorOptions,
  TaskInfo,
} from '../../../lib/local/executor/executor-options.ts';
import type { Executor } from '../../../lib/local/executor/executor.ts';
import { createExecutor } from '../../../lib/local/executor/executor.ts';
import type { Clock } from '../../../lib/ports/clock.ts';
import type { MachineRef } from '../../../lib/ports/executions.ts';
import type { Item, Table, WriteGroup } from '../../../lib/ports/table.ts';
import type { VirtualClock } from '../../../lib/testkit/virtual-clock.ts';
import { virtualClock } from '../../../lib/testkit/virtual-clock.ts';

export const bootInstant = Date.UTC(2026, 0, 1);

/** One invocation of a function. */
interface Invoked extends TaskInfo {
  readonly functionName: string;
  readonly payload: Json;
}

export type TestFunction = (payload: Json, task: TaskInfo) => unknown;

export interface ComputerOptions {
  /** By the name of the journey. */
  readonly definitions: Readonly<Record<string, JsonObject>>;
  /** By name; any other function returns null. */
  readonly functions?: Readonly<Record<string, TestFunction>>;
  readonly table?: Table;
  /** Called before and after every call of the table and of a function; resolves when that may go on. Default: at once. */
  readonly pause?: () => Promise<void>;
  /** Resolves when nothing happens any more without time passing. */
  readonly quiet?: () => Promise<void>;
}

export interface Computer {
  readonly clock: VirtualClock;
  readonly table: Table;
  /** Of all processes, in order. */
  readonly invoked: Invoked[];
  readonly reports: ErrorReport[];
  /** Names of the groups that were written, in order. */
  readonly written: string[];
  /** What the table holds. */
  stored(): readonly Item[];
  /** Begins a process; the one before must be dead or closed. */
  boot(options?: Partial<ExecutorOptions>): Executor;
  kill(): void;
  /** The process dies around its nth write from now (1 = the next): before anything is stored, or after all of it is. */
  killAtWrite(nth: number, when: 'before' | 'after'): void;
  /** True while nothing has killed the process. */
  readonly alive: boolean;
  /** While set, the table answers every call with this error. */
  outage: Error | undefined;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Lets time pass, alarm by alarm. */
  pass(ms: number): Promise<void>;
}

export const unavailable = new KalciferError('table.unavailable', 'The disk is full.');

/** One process. */
class Life {
  readonly #pause: () => Promise<void>;
  #dead = false;

  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  isDead(): boolean {
    return this.#dead;
  }

  die(): void {
    this.#dead = true;
  }

  /** What comes of work, unless the process is dead before or after it. */
  async live<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    await this.#pause();
    if (this.isDead()) return never();
    try {
      return await work();
    } finally {
      await this.#pause();
      if (this.isDead()) await never();
    }
  }
}

export function createComputer(options: ComputerOptions): Computer {
  const { definitions, functions = {}, pause = noPause, quiet = settle } = options;
  const table = options.table ?? createMemoryTable();
  const clock = virtualClock(bootInstant);
  const rows = new Map<string, Item>();
  let life = new Life(pause);
  let planned: { left: number; readonly when: 'before' | 'after' } | undefined;

  const processTable = (own: Life): Table => {
    const answer = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
      own.live(() => (computer.outage === undefined ? work() : Promise.reject(computer.outage)));
    return {
      get: (key) => answer(() => table.get(key)),
      query: (query) => answer(() => table.query(query)),
      queryIndex: (query) => answer(() => table.queryIndex(query)),
      write: (group) =>
        answer(async () => {
          const dies = planned !== undefined && --planned.left === 0 ? planned.when : undefined;
          if (dies === 'before') {
            own.die();
            return never();
          }
          const written = await table.write(group);
          if (written.done) {
            note(rows, group);
            computer.written.push(group.name);
          }
          if (dies === 'after') own.die();
          return written;
        }),
    };
  };
  const processClock = (own: Life): Clock => ({
    now: () => clock.now(),
    wakeAt: (instant, callback) =>
      clock.wakeAt(instant, () => {
        if (!own.isDead()) callback();
      }),
  });

  const computer: Computer = {
    clock,
    table,
    invoked: [],
    reports: [],
    written: [],
    outage: undefined,
    stored: () => [...rows.values()],
    boot: (changes) => {
      const own = new Life(pause);
      life = own;
      planned = undefined;
      return createExecutor({
        table: processTable(own),
        clock: processClock(own),
        chance: { next: () => 0.5 },
        definitionOf: ({ journey }: MachineRef) => definitionNamed(definitions, journey),
        invoke: (functionName, payload, task) =>
          own.live(async () => {
            computer.invoked.push({ functionName, payload, ...task });
            return ((await functions[functionName]?.(payload, task)) ?? null) as Json;
          }),
        onError: (report) => computer.reports.push(report),
        ...changes,
      });
    },
    kill: () => {
      life.die();
    },
    killAtWrite: (nth, when) => {
      planned = { left: nth, when };
    },
    get alive() {
      return !life.isDead();
    },
    settle: quiet,
    pass: async (ms) => {
      const end = clock.now() + ms;
      await quiet();
      for (let next = clock.nextAlarm(); next !== undefined && next <= end;) {
        clock.moveTo(next);
        await quiet();
        next = clock.nextAlarm();
      }
      clock.moveTo(end);
      await quiet();
    },
  };
  return computer;
}

function definitionNamed(
  definitions: Readonly<Record<string, JsonObject>>,
  journey: string,
): Promise<JsonObject> {
  const definition = definitions[journey];
  return definition === undefined
    ? Promise.reject(new Error(`There is no journey ${journey}.`))
    : Promise.resolve(definition);
}

function note(rows: Map<string, Item>, { writes }: WriteGroup): void {
  for (const write of writes) {
    if ('put' in write) rows.set(JSON.stringify([write.put.pk, write.put.sk]), write.put);
    else if ('delete' in write) rows.delete(JSON.stringify([write.delete.pk, write.delete.sk]));
  }
}

async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

async function noPause(): Promise<void> {
  await Promise.resolve();
}

function never<Answer>(): Promise<Answer> {
  return new Promise<Answer>(() => undefined);
}
