/** A parking function may know its deadline to the millisecond, where a machine can only say whole seconds. */
import { expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../../lib/json.ts';
import { bootInstant } from './computer.ts';
import { chainOf, startOf, task, tokenTask } from './small-machines.ts';
import { computerFor, statesOf } from './set-up.ts';

const twoSeconds = chainOf({
  Ask: tokenTask('ask', {
    TimeoutSeconds: 2,
    Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: null, Next: 'Late' }],
    End: true,
  }),
  Late: task('late', { End: true }),
});

const deadlineOf = (answer: Json): number | undefined =>
  isJsonObject(answer) && typeof answer.deadline === 'number' ? answer.deadline : undefined;

it('ends the task at the deadline that its function told, not at the whole second', async () => {
  const computer = computerFor(twoSeconds, { ask: () => ({ deadline: bootInstant + 100 }) });
  await computer.boot({ deadlineOf }).executions.start(startOf('journey'));
  await computer.pass(99);
  expect(statesOf(computer)).toEqual(['Ask']);
  await computer.pass(1);
  expect(statesOf(computer)).toEqual(['Ask', 'Late']);
});

it('keeps it from one process to the next', async () => {
  const computer = computerFor(twoSeconds, { ask: () => ({ deadline: bootInstant + 100 }) });
  await computer.boot({ deadlineOf }).executions.start(startOf('journey'));
  await computer.pass(50);
  computer.kill();
  await computer.boot({ deadlineOf }).recover();
  await computer.pass(49);
  expect(statesOf(computer)).toEqual(['Ask']);
  await computer.pass(1);
  expect(statesOf(computer)).toEqual(['Ask', 'Late']);
});

it('never waits longer than the machine says', async () => {
  const computer = computerFor(twoSeconds, { ask: () => ({ deadline: bootInstant + 9_000 }) });
  await computer.boot({ deadlineOf }).executions.start(startOf('journey'));
  await computer.pass(1_999);
  expect(statesOf(computer)).toEqual(['Ask']);
  await computer.pass(1);
  expect(statesOf(computer)).toEqual(['Ask', 'Late']);
});
