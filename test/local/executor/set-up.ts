/** A process with some small journeys, for tests that look at one call. */
import type { JsonObject } from '../../../lib/json.ts';
import type { Executor } from '../../../lib/local/executor/executor.ts';
import type { Computer, TestFunction } from './computer.ts';
import { createComputer } from './computer.ts';
import { chainOf, startOf, task, tokenTask } from './small-machines.ts';

export const definitions = {
  greet: chainOf({ Greet: task('greet', { Next: 'Bye' }), Bye: task('bye', { End: true }) }),
  ask: chainOf({
    Ask: tokenTask('ask', { ResultPath: '$.answer', TimeoutSeconds: 60, Next: 'Tell' }),
    Tell: task('tell', { End: true }),
  }),
  greetAndAsk: chainOf({
    Greet: task('greet', { Next: 'Ask' }),
    Ask: tokenTask('ask', { End: true }),
  }),
  repeat: chainOf({
    Greet: task('greet', { ResultPath: '$', OutputPath: '$.Payload', Next: 'Tell' }),
    Tell: task('tell', { End: true }),
  }),
  instant: chainOf({ Nothing: { Type: 'Pass', End: true } }),
  broken: chainOf({ Nothing: { Type: 'Pass', Next: 'Nowhere' } }),
};

export function setUp(functions: Readonly<Record<string, TestFunction>> = {}): {
  computer: Computer;
  executor: Executor;
} {
  const computer = createComputer({ definitions, functions });
  return { computer, executor: computer.boot() };
}

/** Parked at a task with a token and a timeout of 60 seconds. */
export async function setUpAsked(): Promise<{
  computer: Computer;
  executor: Executor;
  token: string;
}> {
  const { computer, executor } = setUp();
  await executor.executions.start(startOf('ask', 'e1', { id: 'ada' }));
  await computer.settle();
  return { computer, executor, token: tokenIn(computer) };
}

/** The token that was given out last. */
export function tokenIn(computer: Computer): string {
  return computer.invoked.at(-1)?.token ?? '';
}

/** An hour of rest, then a task. */
export const rest = chainOf({
  Rest: { Type: 'Wait', Seconds: 3_600, Next: 'After' },
  After: task('after', { End: true }),
});

/** A task with a token that must be answered in 100 seconds, with a heartbeat every 40. */
export const patient = chainOf({
  Ask: tokenTask('ask', {
    TimeoutSeconds: 100,
    HeartbeatSeconds: 40,
    ResultPath: null,
    Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'Late' }],
    Next: 'InTime',
  }),
  InTime: task('inTime', { End: true }),
  Late: task('late', { End: true }),
});

/** A computer with one journey, called `journey`. */
export function computerFor(
  journey: JsonObject,
  functions: Readonly<Record<string, TestFunction>> = {},
): Computer {
  return createComputer({ definitions: { journey }, functions });
}

/** The states that invoked functions, in order. */
export function statesOf(computer: Computer): readonly string[] {
  return computer.invoked.map(({ state }) => state);
}
