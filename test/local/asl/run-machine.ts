/** Runs a state machine on a virtual clock that jumps to the next alarm whenever nothing else happens. */
import type { Json } from '../../../lib/json.ts';
import type { RunningTask, RunOptions, RunResult } from '../../../lib/local/asl/asl.ts';
import { runStateMachine } from '../../../lib/local/asl/asl.ts';
import { virtualClock } from '../../../lib/testkit/virtual-clock.ts';

export const startInstant = Date.UTC(2026, 0, 1);

/** The run's result, and how much virtual time it took. */
export interface TimedResult extends RunResult {
  readonly tookMs: number;
}

export type Invoke = (functionName: string, payload: Json, task: RunningTask) => unknown;

export async function runMachine(
  definition: unknown,
  input: Json = {},
  invoke: Invoke = () => null,
  options: Partial<RunOptions> = {},
): Promise<TimedResult> {
  const clock = virtualClock(startInstant);
  let result: RunResult | undefined;
  const run = runStateMachine(definition, input, {
    invoke,
    clock,
    chance: { next: () => 0.5 },
    ...options,
  }).then((ended) => {
    result = ended;
  });
  for (;;) {
    await Promise.race([run, new Promise((resolve) => setImmediate(resolve))]);
    if (result !== undefined) return { ...result, tookMs: clock.now() - startInstant };
    const next = clock.nextAlarm();
    if (next !== undefined) clock.moveTo(next);
  }
}

/** Runs one state that ends the machine. */
export function runState(
  state: object,
  input: Json = {},
  invoke?: Invoke,
  options?: Partial<RunOptions>,
): Promise<TimedResult> {
  return runMachine(
    { StartAt: 'S', States: { S: { End: true, ...state } } },
    input,
    invoke,
    options,
  );
}

/** An error as a function throws it. */
export function named(name: string, message = ''): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

export const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:greet';
export const invokeArn = 'arn:aws:states:::lambda:invoke';
export const callbackArn = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
