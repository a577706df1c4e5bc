/**
 * Engine and executor as far apart as on AWS: functions begin late, their clock is not the executor's, nobody knows whether the
 * process that claimed a message is alive, and only the machine's own timeouts end a wait.
 */
import { createMemoryTable } from '../../lib/adapters/local/memory-table.ts';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { handleTask, type TaskVerb } from '../../lib/engine/steps/handle-task.ts';
import { readDefinition } from '../../lib/engine/journeys/read-machine.ts';
import { embeddedEngine } from '../../lib/local/embedded-engine.ts';
import { createExecutor } from '../../lib/local/executor/executor.ts';
import type { Channel } from '../../lib/ports/channel.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Table } from '../../lib/ports/table.ts';
import { configuredChannels } from '../../lib/ports/configured-channels.ts';
import { seededChance, seededIds } from '../../lib/testkit/seeded-chance.ts';
import { virtualClock } from '../../lib/testkit/virtual-clock.ts';

export interface EngineApart {
  readonly ctx: EngineContext;
  /** Of the executor. */
  readonly clock: Clock;
  readonly calls: readonly FunctionCall[];
  /** Lets everything happen that is due until then. */
  advance(ms: number): Promise<void>;
}

interface FunctionCall {
  readonly verb: TaskVerb;
  /** Absent for tasks that belong to no node. */
  readonly node?: string;
  /** By the executor's clock. */
  readonly at: number;
}

export interface Distance {
  readonly seed?: number;
  /** How far the clock of functions is ahead of the executor's. */
  readonly aheadMs?: number;
  /** How long it takes a function to begin; default 0. */
  readonly startMs?: Partial<Record<TaskVerb, number>>;
  readonly email?: Channel;
  /** After how many milliseconds a function is no more, as Lambda ends one that takes too long; by default, none is. */
  readonly diesAfterMs?: (call: FunctionCall) => number | undefined;
}

export function engineApart({
  seed = 1,
  aheadMs = 0,
  startMs = {},
  email,
  diesAfterMs = () => undefined,
}: Distance = {}): EngineApart {
  const table = createMemoryTable();
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const functionClock: Clock = {
    now: () => clock.now() + aheadMs,
    wakeAt: (instant, callback) => clock.wakeAt(instant - aheadMs, callback),
  };
  const chance = seededChance(seed);
  const calls: FunctionCall[] = [];
  const passed = (ms: number): Promise<void> =>
    new Promise((resolve) => clock.wakeAt(clock.now() + ms, resolve));
  const wired = embeddedEngine({
    table,
    clock,
    chance,
    ids: seededIds(chance),
    channels: configuredChannels(email === undefined ? {} : { email: { mails: email } }),
    process: { id: 'p', mayBeAlive: () => true },
    onError: () => undefined,
    templatesMustExist: true,
  }).ctx;
  const executor = createExecutor({
    table,
    clock,
    chance,
    onError: ({ error }) => {
      throw error;
    },
    definitionOf: (machine) => readDefinition(wired, machine),
    invoke: async (name, payload) => {
      const verb = verbOf(name);
      const { node } = payload as { node?: string };
      const call = { verb, ...(node === undefined ? {} : { node }), at: clock.now() };
      calls.push(call);
      await passed(startMs[verb] ?? 0);
      const ms = diesAfterMs(call);
      if (ms === undefined) return handleTask(ctx, verb, payload);
      const life = { isOver: false };
      void handleTask({ ...ctx, table: untilDeath(table, life) }, verb, payload).catch(
        () => undefined,
      );
      await passed(ms);
      life.isOver = true;
      throw Object.assign(new Error('Task timed out.'), { name: 'Sandbox.Timedout' });
    },
  });
  const ctx: EngineContext = { ...wired, clock: functionClock, executions: executor.executions };
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 8; quiet++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    ctx,
    clock,
    calls,
    advance: async (ms) => {
      const end = clock.now() + ms;
      await settle();
      for (;;) {
        const next = clock.nextAlarm();
        if (next === undefined || next > end) break;
        clock.moveTo(next);
        await settle();
      }
      clock.moveTo(end);
      await settle();
    },
  };
}

/** Whoever is dead writes nothing, and waits for ever. */
function untilDeath(table: Table, life: { readonly isOver: boolean }): Table {
  const alive = <Answer>(call: () => Promise<Answer>): Promise<Answer> =>
    life.isOver ? new Promise(() => undefined) : call();
  return {
    get: (key) => alive(() => table.get(key)),
    query: (query) => alive(() => table.query(query)),
    queryIndex: (query) => alive(() => table.queryIndex(query)),
    write: (group) => alive(() => table.write(group)),
  };
}

function verbOf(functionName: string): TaskVerb {
  if (functionName.includes('ResolveWait')) return 'resolve_wait';
  return functionName.includes('FailInstance') ? 'fail_instance' : 'run_node';
}
