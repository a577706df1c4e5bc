/** A store that fails: callers are told, work goes on when it is back, nothing is lost, and the process lives. */
import { describe, expect, it } from 'vitest';
import { unavailable } from './computer.ts';
import { machineOf, startOf } from './small-machines.ts';
import { setUp, setUpAsked } from './set-up.ts';

const refusal = { code: 'executions.unavailable', cause: unavailable };

describe('while the table is away', () => {
  it('a start is refused, and can be tried again', async () => {
    const { computer, executor } = setUp();
    computer.outage = unavailable;
    const refused = executor.executions.start(startOf('greet'));
    await expect(refused).rejects.toMatchObject(refusal);
    computer.outage = undefined;
    expect(await executor.executions.start(startOf('greet'))).toBe('started');
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Greet', 'Bye']);
  });

  it('a result is kept in memory and stored later', async () => {
    const { computer, executor } = setUp({
      greet: () => {
        computer.outage = unavailable;
      },
    });
    await executor.executions.start(startOf('greet'));
    await computer.settle();
    // A chain does not wait for its rows, so the second function has run by now.
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Greet', 'Bye']);
    expect(executor.activity()).toMatchObject({ unstored: 1, functionsRunning: 0 });
    await computer.pass(60_000);
    expect(executor.activity().unstored).toBe(1);
    computer.outage = undefined;
    await computer.pass(5_000);
    expect(executor.activity()).toMatchObject({ unstored: 0, live: 0 });
    expect(computer.stored()).toEqual([]);
    expect(computer.invoked).toHaveLength(2);
  });

  it('is reported once for each execution, not at every try', async () => {
    const { computer, executor } = setUp({
      greet: () => {
        computer.outage = unavailable;
      },
    });
    await executor.executions.start(startOf('greet'));
    await computer.pass(60_000);
    expect(computer.reports).toEqual([
      { kind: 'store', error: unavailable, execution: 'acme#x#e1' },
    ]);
  });

  it('an answer to an execution in memory is taken, but not acknowledged', async () => {
    let answer: Promise<unknown> = Promise.resolve();
    const { computer, executor } = setUp({
      ask: (_payload, { token = '' }) => {
        computer.outage = unavailable;
        answer = executor.executions.succeed({ token, output: 'yes' });
        answer.catch(() => undefined);
      },
    });
    await executor.executions.start(startOf('ask'));
    await computer.settle();
    await expect(answer).rejects.toMatchObject(refusal);
    computer.outage = undefined;
    await computer.pass(5_000);
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Ask', 'Tell']);
    const { token = '' } = computer.invoked[0] ?? {};
    expect(await executor.executions.succeed({ token, output: 'again' })).toBe('gone');
    expect(computer.stored()).toEqual([]);
  });

  it('an answer to a parked execution changes nothing, and can be given again', async () => {
    const { computer, executor, token } = await setUpAsked();
    computer.outage = unavailable;
    const refused = executor.executions.succeed({ token, output: 'yes' });
    await expect(refused).rejects.toMatchObject(refusal);
    computer.outage = undefined;
    expect(await executor.executions.succeed({ token, output: 'yes' })).toBe('accepted');
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Ask', 'Tell']);
  });

  it('a stop is refused, and can be tried again', async () => {
    const { computer, executor } = await setUpAsked();
    const request = { machine: machineOf('ask'), name: 'e1', error: 'E', cause: '' };
    computer.outage = unavailable;
    await expect(executor.executions.stop(request)).rejects.toMatchObject(refusal);
    computer.outage = undefined;
    expect(await executor.executions.stop(request)).toBe('stopped');
    expect(computer.stored()).toEqual([]);
  });

  it('a close waits no longer than its grace; the next process does again what was not stored', async () => {
    const { computer, executor } = setUp({
      greet: () => {
        computer.outage = unavailable;
      },
    });
    await executor.executions.start(startOf('greet'));
    await computer.settle();
    const closing = executor.close(1_000);
    await computer.pass(1_000);
    await closing;
    computer.outage = undefined;
    await computer.pass(60_000);
    expect(computer.stored()).toHaveLength(1);

    const next = computer.boot();
    expect(await next.recover()).toEqual({ resumed: 1 });
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Greet', 'Bye', 'Greet', 'Bye']);
    computer.outage = undefined;
    await computer.pass(5_000);
    expect(computer.stored()).toEqual([]);
  });

  it('a recovery is refused, and can be tried again', async () => {
    const { computer, executor } = setUp({ greet: () => new Promise(() => undefined) });
    await executor.executions.start(startOf('greet'));
    computer.kill();
    const next = computer.boot();
    computer.outage = unavailable;
    await expect(next.recover()).rejects.toMatchObject(refusal);
    computer.outage = undefined;
    expect(await next.recover()).toEqual({ resumed: 1 });
    expect(computer.invoked).toHaveLength(2);
  });
});

describe('a write that may or may not have been stored', () => {
  it('is written again with what has happened since', async () => {
    const { computer, executor } = setUp();
    let isLost = false;
    const table = {
      ...computer.table,
      write: async (group: Parameters<typeof computer.table.write>[0]) => {
        const answer = await computer.table.write(group);
        if (!isLost && group.name === 'execution.keep') {
          isLost = true;
          throw unavailable;
        }
        return answer;
      },
    };
    await executor.close();
    const unsure = computer.boot({ table });
    await unsure.executions.start(startOf('ask', 'e2'));
    await computer.pass(5_000);
    const { token = '' } = computer.invoked[0] ?? {};
    expect(await unsure.executions.succeed({ token, output: 1 })).toBe('accepted');
    await computer.pass(100_000);
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Ask', 'Tell']);
    expect(await table.query({ pk: 'timers', limit: 1 })).toMatchObject({ items: [] });
    expect(await table.get({ pk: 'acme#x#e2', sk: 'x' })).toBeUndefined();
  });
});
