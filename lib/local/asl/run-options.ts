/** What a run of one state machine takes and answers. */
import type { Json, JsonObject } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';
import type { Clock } from '../../ports/clock.ts';

export interface RunOptions {
  /**
   * Runs a Task: answers the function's result, or throws an error whose `name` is the error name and `message` the cause.
   * For a task with a token the answer is ignored; a throw fails the task.
   */
  readonly invoke: (functionName: string, payload: Json, task: RunningTask) => unknown;
  /** Merged into the context object, section by section. */
  readonly context?: JsonObject;
  /** Default: real time. */
  readonly clock?: Clock;
  /** Default: real chance. For jitter, `States.MathRandom` and `States.UUID`. */
  readonly chance?: Chance;
}

export interface RunningTask {
  readonly state: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Present for `.waitForTaskToken`; each attempt has its own. */
  readonly token?: string;
  /** Answers the token, before or after `invoke` returns. Late and repeated answers change nothing. */
  readonly succeed: (output: Json) => void;
  readonly fail: (error?: string, cause?: string) => void;
  /** Begins the time of `HeartbeatSeconds` anew. */
  readonly heartbeat: () => void;
}

export interface RunResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  /** Names of the states entered, in order. */
  readonly trace: readonly string[];
}
