/**
 * The durable executor: runs the compiled state machines of the embedded runtime over the table, as the `Executions` port of one
 * machine. A change is stored before whoever caused it is told, and a chain of tasks runs on while its rows are being written: a
 * process that dies leaves a state that the execution really was in, and the next one goes on from there. A task may therefore
 * run twice, but none is left out.
 *
 * A parked execution is one row and, when it has a deadline, one timer; both are gone when it has ended, so a name that has
 * ended can be started again. This process must be the only one that runs executions of its table.
 */
import { isKalciferError, KalciferError } from '../../kalcifer-error.ts';
import { checkExecutionName, type Executions, type StartRequest } from '../../ports/executions.ts';
import type { TaskStimulus } from '../asl/advance.ts';
import { readToken } from './execution-key.ts';
import { ExecutionPool } from './execution-pool.ts';
import type { Activity, ExecutorOptions } from './executor-options.ts';
import { openGate } from './gate.ts';
import { runningKeys } from './recovery.ts';

export interface Executor {
  readonly executions: Executions;
  /** Begins the time of `HeartbeatSeconds` of a task with this token anew. */
  heartbeat(token: string): Promise<'accepted' | 'gone'>;
  /**
   * Takes up what a process before this one left: functions that were running are invoked again as the same attempts, timers
   * that have passed fire. Resolves when all of them are under way; parked executions are not touched.
   */
  recover(): Promise<{ readonly resumed: number }>;
  activity(): Activity;
  /**
   * Answers no more calls and begins no more functions; resolves when those that run have returned and everything is stored, or
   * after `graceMs`. What is cut off is done again after the next start.
   */
  close(graceMs?: number): Promise<void>;
}

const concurrencyMaxByDefault = 256;
const machinesMaxByDefault = 512;
const graceMsByDefault = 5_000;

export function createExecutor(options: ExecutorOptions): Executor {
  const pool = new ExecutionPool({
    ...options,
    gate: options.gate ?? openGate,
    concurrencyMax: options.concurrencyMax ?? concurrencyMaxByDefault,
    deadlineOf: options.deadlineOf ?? (() => undefined),
    machinesMax: options.machinesMax ?? machinesMaxByDefault,
  });
  let closed = false;

  const call = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    if (closed) throw unavailable(undefined);
    try {
      return await work();
    } catch (error) {
      throw isKalciferError(error, 'table.unavailable') ? unavailable(error) : error;
    }
  };
  const answer = (
    token: string,
    stimulus: (task: number) => TaskStimulus,
  ): Promise<'accepted' | 'gone'> =>
    call(async () => {
      const read = readToken(token);
      if (read === undefined) return 'gone';
      return (await pool.tell(read.key, stimulus(read.task))) ? 'accepted' : 'gone';
    });

  return {
    executions: {
      start: (request) => call(() => start(pool, request)),
      succeed: ({ token, output }) =>
        answer(token, (task) => ({ kind: 'succeeded', task, output })),
      fail: ({ token, error, cause }) =>
        answer(token, (task) => ({ kind: 'failed', task, failure: { error, cause } })),
      stop: ({ machine, name }) =>
        call(async () => ((await pool.end(machine.tenant, name)) ? 'stopped' : 'gone')),
    },
    heartbeat: (token) => answer(token, (task) => ({ kind: 'heartbeat', task })),
    recover: () => call(() => recover(pool, options)),
    activity: () => pool.activity(),
    close: async (graceMs = graceMsByDefault) => {
      closed = true;
      await pool.close(graceMs);
    },
  };
}

async function start(pool: ExecutionPool, request: StartRequest): Promise<'started' | 'exists'> {
  checkExecutionName(request.name);
  return (await pool.start(request)) ? 'started' : 'exists';
}

async function recover(
  pool: ExecutionPool,
  { table }: ExecutorOptions,
): Promise<{ readonly resumed: number }> {
  let resumed = 0;
  for await (const keys of runningKeys(table)) {
    resumed += keys.length;
    await Promise.all(keys.map((key) => pool.resume(key)));
    await pool.room();
  }
  pool.sweep();
  return { resumed };
}

function unavailable(cause: unknown): KalciferError {
  return new KalciferError('executions.unavailable', 'The call may be tried again.', { cause });
}
