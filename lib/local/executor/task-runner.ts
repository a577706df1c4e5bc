/** Runs the functions of tasks, and turns what becomes of them into what their executions are told. */
import type { Json } from '../../json.ts';
import type { Stimulus } from '../asl/advance.ts';
import { holdsTask } from '../asl/strand.ts';
import { thrownFailure, toJson } from '../asl/thrown-failure.ts';
import type { TaskCall } from '../asl/turn.ts';
import { splitExecutionKey } from './execution-key.ts';
import type { ExecutorOptions } from './executor-options.ts';
import type { Invocations, Settled } from './invocations.ts';
import { createInvocations } from './invocations.ts';
import type { LiveExecution } from './live-execution.ts';

export interface TaskRunner extends Pick<Invocations, 'counts' | 'room' | 'stop'> {
  /**
   * Runs the functions of an execution's calls. One that carries a token waits until its task is stored: an answer must find the
   * task even when the process has died in between, and no other task may ever come to the same token.
   */
  run(live: LiveExecution, calls: readonly TaskCall[]): void;
  /** Runs those that have waited, as far as their tasks are stored and still there. */
  runHeld(live: LiveExecution): void;
}

export function createTaskRunner(
  { concurrencyMax, deadlineOf, gate, invoke }: Required<ExecutorOptions>,
  tell: (live: LiveExecution, stimulus: Stimulus) => void,
): TaskRunner {
  const invocations = createInvocations(concurrencyMax, gate);

  const call = async (live: LiveExecution, task: TaskCall): Promise<Json> => {
    const { functionName, payload, state, attempt, token } = task;
    const result = await invoke(functionName, payload, {
      machine: live.ref,
      execution: splitExecutionKey(live.key).name,
      state,
      attempt,
      ...(token !== undefined && { token }),
    });
    return toJson(result);
  };

  const stimulusOf = ({ task, token }: TaskCall, settled: Settled): Stimulus => {
    if ('thrown' in settled) return { kind: 'threw', task, failure: thrownFailure(settled.thrown) };
    const result = settled.value;
    const deadline = token === undefined ? undefined : deadlineOf(result);
    return { kind: 'returned', task, result, ...(deadline !== undefined && { deadline }) };
  };

  const begin = (live: LiveExecution, one: TaskCall): void => {
    invocations.add(
      () => call(live, one),
      (settled) => {
        tell(live, stimulusOf(one, settled));
      },
    );
  };

  return {
    run: (live, calls) => {
      const { changes: change, stored } = live;
      for (const one of calls) {
        if (one.token === undefined || stored === change) begin(live, one);
        else live.held = [...live.held, { change, call: one }];
      }
    },
    runHeld: (live) => {
      if (live.held.length === 0) return;
      const ready = live.held.filter(({ change }) => change <= live.stored);
      live.held = live.held.filter(({ change }) => change > live.stored);
      for (const { call: one } of ready) {
        if (live.state !== undefined && holdsTask(live.state.strand, one.task)) begin(live, one);
      }
    },
    room: () => invocations.room(),
    stop: () => {
      invocations.stop();
    },
    get counts() {
      return invocations.counts;
    },
  };
}
