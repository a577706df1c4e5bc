/** What executions keep, whoever runs them: the sentences of `lib/ports/executions.ts`. */
import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { Json } from '../../lib/json.ts';
import {
  testExecutions,
  type ExecutionsSubject,
  type OpenedExecutions,
  type Outcome,
} from './executions-subject.ts';

const stopped = { error: 'Kalcifer.InstanceEnded', cause: 'The instance is exited.' };

export function executionsContract(adapter: string, subject: ExecutionsSubject): void {
  describe(`the executions contract, kept by ${adapter}`, () => {
    describe('start', () => describeStart(subject));
    describe('succeed and fail', () => describeAnswers(subject));
    describe('stop', () => describeStop(subject));
  });
}

function describeStart(subject: ExecutionsSubject): void {
  testExecutions(subject, 'runs an execution to its parked task', async (opened) => {
    const name = freshName();
    const start = { machine: opened.asking, name, input: { id: 'i1' } };
    expect(await opened.executions.start(start)).toBe('started');
    expect(await opened.tokenOf(name)).not.toBe('');
    expect(await opened.outcomeOf(name)).toBe('running');
  });

  testExecutions(subject, 'of a name that runs changes nothing', async (opened) => {
    const name = await startAsking(opened);
    const again = { machine: opened.asking, name, input: { id: 'i1' } };
    expect(['started', 'exists']).toContain(await opened.executions.start(again));
    expect(await opened.countTokens(name)).toBe(1);
  });

  testExecutions(subject, 'of a name that runs with another input is refused', async (opened) => {
    const name = await startAsking(opened);
    const other = { machine: opened.asking, name, input: { id: 'i2' } };
    expect(await opened.executions.start(other)).toBe('exists');
    await answer(opened, name, 'yes');
    expect(await endOf(opened, name)).toEqual({ output: { id: 'i1', answer: 'yes' } });
  });

  testExecutions(subject, 'of one name at the same time starts one execution', async (opened) => {
    const name = freshName();
    const start = { machine: opened.asking, name, input: { id: 'i1' } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => opened.executions.start(start)),
    );
    expect(answers).toContain('started');
    expect(await opened.countTokens(name)).toBe(1);
  });

  testExecutions(subject, 'takes a name of 80 characters', async (opened) => {
    const name = `${freshName()}-${'x'.repeat(80)}`.slice(0, 80);
    const start = { machine: opened.asking, name, input: {} };
    expect(await opened.executions.start(start)).toBe('started');
    expect(await opened.tokenOf(name)).not.toBe('');
  });

  testExecutions(subject, 'refuses a name that no execution can have', async (opened) => {
    for (const name of ['', 'a b', 'a/b', 'x'.repeat(81)]) {
      const start = { machine: opened.asking, name, input: {} };
      await expect(opened.executions.start(start)).rejects.toMatchObject({
        code: 'executions.name',
      });
    }
  });

  testExecutions(subject, 'hands the input on as it is', async (opened) => {
    const input = {
      text: 'Grüße, 東京, "quoted" \\ 🙂',
      number: 1.5,
      yes: true,
      nothing: null,
      list: [1, [2, {}]],
    };
    const name = freshName();
    await opened.executions.start({ machine: opened.asking, name, input });
    await answer(opened, name, 1);
    expect(await endOf(opened, name)).toEqual({ output: { ...input, answer: 1 } });
  });

  testExecutions(subject, 'of a machine that is not there is an error', async (opened) => {
    const start = { machine: opened.missing, name: freshName(), input: {} };
    await expect(opened.executions.start(start)).rejects.toThrow();
  });
}

function describeAnswers(subject: ExecutionsSubject): void {
  const outputs: readonly Json[] = [{}, { branch: 'event' }, 'text ✓', 7, null, [1, 'two']];
  testExecutions(subject, 'give the task its output', async (opened) => {
    for (const output of outputs) {
      const name = await startAsking(opened);
      expect(await answer(opened, name, output)).toBe('accepted');
      expect(await endOf(opened, name)).toEqual({ output: { id: 'i1', answer: output } });
    }
  });

  testExecutions(subject, 'fail the task with error and cause', async (opened) => {
    const name = await startAsking(opened);
    const token = await opened.tokenOf(name);
    const failure = { error: 'Kalcifer.Broken', cause: 'It is — broken.' };
    expect(await opened.executions.fail({ token, ...failure })).toBe('accepted');
    const error = { Error: 'Kalcifer.Broken', Cause: 'It is — broken.' };
    expect(await endOf(opened, name)).toEqual({ output: { id: 'i1', error } });
  });

  testExecutions(subject, 'take an error and a cause of any length', async (opened) => {
    const name = await startAsking(opened);
    const token = await opened.tokenOf(name);
    const failure = { error: 'E'.repeat(300), cause: '🙂'.repeat(20_000) };
    expect(await opened.executions.fail({ token, ...failure })).toBe('accepted');
    const { output } = (await endOf(opened, name)) as {
      output: { error: { Error: string; Cause: string } };
    };
    expect(failure.error.startsWith(output.error.Error)).toBe(true);
    expect(failure.cause.startsWith(output.error.Cause)).toBe(true);
    expect(output.error.Error.length).toBeGreaterThanOrEqual(256);
    expect(output.error.Cause.length).toBeGreaterThanOrEqual(32_767);
  });

  testExecutions(subject, 'find a task gone whose execution has ended', async (opened) => {
    const name = await startAsking(opened);
    const token = await opened.tokenOf(name);
    await opened.executions.succeed({ token, output: 'first' });
    const end = await endOf(opened, name);
    expect(await opened.executions.succeed({ token, output: 'second' })).toBe('gone');
    expect(await opened.executions.fail({ token, ...stopped })).toBe('gone');
    expect(end).toEqual({ output: { id: 'i1', answer: 'first' } });
    expect(await opened.outcomeOf(name)).toEqual(end);
  });

  testExecutions(subject, 'of one task at the same time: one is accepted', async (opened) => {
    const name = await startAsking(opened);
    const token = await opened.tokenOf(name);
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((output) => opened.executions.succeed({ token, output })),
    );
    expect(answers.toSorted()).toEqual(['accepted', 'gone', 'gone', 'gone', 'gone']);
    const accepted = answers.indexOf('accepted') + 1;
    expect(await endOf(opened, name)).toEqual({ output: { id: 'i1', answer: accepted } });
  });

  testExecutions(subject, 'find a task gone that has timed out', async (opened) => {
    const name = await startAsking(opened);
    const token = await opened.tokenOf(name);
    await opened.passTimeout();
    const end = (await endOf(opened, name)) as { output: { late: { Error: string } } };
    expect(end.output.late.Error).toBe('States.Timeout');
    expect(await opened.executions.succeed({ token, output: 'late' })).toBe('gone');
    expect(await opened.outcomeOf(name)).toEqual(end);
  });

  testExecutions(subject, 'find a token gone that was never given out', async (opened) => {
    for (const token of ['', 'nonsense', 'x'.repeat(5_000)]) {
      expect(await opened.executions.succeed({ token, output: {} })).toBe('gone');
      expect(await opened.executions.fail({ token, ...stopped })).toBe('gone');
    }
  });
}

function describeStop(subject: ExecutionsSubject): void {
  testExecutions(subject, 'ends an execution that is parked', async (opened) => {
    const name = await startAsking(opened);
    const stop = { machine: opened.asking, name, ...stopped };
    expect(await opened.executions.stop(stop)).toBe('stopped');
    expect(await endOf(opened, name)).toBe('stopped');
  });

  testExecutions(subject, 'leaves no task to answer', async (opened) => {
    const name = await startAsking(opened);
    const token = await opened.tokenOf(name);
    await opened.executions.stop({ machine: opened.asking, name, ...stopped });
    expect(await opened.executions.succeed({ token, output: 'late' })).toBe('gone');
    expect(await opened.outcomeOf(name)).toBe('stopped');
  });

  testExecutions(subject, 'takes an error and a cause of any length', async (opened) => {
    const name = await startAsking(opened);
    const long = { error: 'E'.repeat(300), cause: 'C'.repeat(40_000) };
    const stop = { machine: opened.asking, name, ...long };
    expect(await opened.executions.stop(stop)).toBe('stopped');
  });

  testExecutions(subject, 'may be repeated', async (opened) => {
    const name = await startAsking(opened);
    const stop = { machine: opened.asking, name, ...stopped };
    await opened.executions.stop(stop);
    expect(['stopped', 'gone']).toContain(await opened.executions.stop(stop));
  });

  testExecutions(subject, 'changes nothing about an execution that has ended', async (opened) => {
    const name = await startAsking(opened);
    await answer(opened, name, 'yes');
    const end = await endOf(opened, name);
    const stop = { machine: opened.asking, name, ...stopped };
    expect(['stopped', 'gone']).toContain(await opened.executions.stop(stop));
    expect(await opened.outcomeOf(name)).toEqual(end);
  });

  testExecutions(subject, 'finds an execution gone that was never started', async (opened) => {
    const stop = { machine: opened.asking, name: freshName(), ...stopped };
    expect(await opened.executions.stop(stop)).toBe('gone');
  });
}

function freshName(): string {
  return `e-${randomUUID()}`;
}

/** The name of an execution that is parked. */
async function startAsking(opened: OpenedExecutions): Promise<string> {
  const name = freshName();
  await opened.executions.start({ machine: opened.asking, name, input: { id: 'i1' } });
  await opened.tokenOf(name);
  return name;
}

async function answer(opened: OpenedExecutions, name: string, output: Json): Promise<string> {
  return opened.executions.succeed({ token: await opened.tokenOf(name), output });
}

async function endOf(opened: OpenedExecutions, name: string): Promise<Outcome> {
  let outcome: Outcome = 'running';
  await expect
    .poll(async () => (outcome = await opened.outcomeOf(name)), { timeout: 20_000, interval: 50 })
    .not.toBe('running');
  return outcome;
}
