/** Runs the functions of tasks, and turns what becomes of them into what their executions are told. */
import type { Json } from '../../json.ts';
import type { Stimulus } from '../asl/advance.ts';
import { thrownFailure } from '../asl/thrown-failure.ts';
import type { TaskCall } from '../asl/turn.ts';
import { splitExecutionKey } from './execution-key.ts';
import type { ExecutorOptions } from './executor-options.ts';
import type { Invocations } from './invocations.ts';
import { createInvocations } from './invocations.ts';
import type { LiveExecution } from './live-execution.ts';

export interface TaskRunner extends Pick<Invocations, 'counts' | 'room' | 'stop'> {
  run(live: LiveExecution, calls: readonly TaskCall[]): void;
}

export function createTaskRunner(
  { concurrencyMax, gate, invoke }: Required<ExecutorOptions>,
  tell: (live: LiveExecution, stimulus: Stimulus) => void,
): TaskRunner {
  const invocations = createInvocations(concurrencyMax, gate);

  const call = async (live: LiveExecution, task: TaskCall): Promise<Json> => {
    const { functionName, payload, state, attempt, token } = task;
    return invoke(functionName, payload, {
      machine: live.ref,
      execution: splitExecutionKey(live.key).name,
      state,
      attempt,
      ...(token !== undefined && { token }),
    });
  };

  return {
    run: (live, calls) => {
      for (const one of calls) {
        const { task } = one;
        invocations.add(
          () => call(live, one),
          (settled) => {
            tell(
              live,
              'value' in settled
                ? { kind: 'returned', task, result: settled.value }
                : { kind: 'threw', task, failure: thrownFailure(settled.thrown) },
            );
          },
        );
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
