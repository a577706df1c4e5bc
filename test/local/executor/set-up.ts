/** A process with three small journeys, for tests that look at one call. */
import type { Executor } from '../../../lib/local/executor/executor.ts';
import type { Computer, TestFunction } from './computer.ts';
import { createComputer } from './computer.ts';
import { chainOf, startOf, task, tokenTask } from './machines.ts';

export const definitions = {
  greet: chainOf({ Greet: task('greet', { Next: 'Bye' }), Bye: task('bye', { End: true }) }),
  ask: chainOf({
    Ask: tokenTask('ask', { ResultPath: '$.answer', TimeoutSeconds: 60, Next: 'Tell' }),
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
