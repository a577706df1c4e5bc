/** The executor as the engine uses it: start, answer, stop, and what each of them leaves in the table. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../lib/json.ts';
import { bootInstant, createComputer } from './computer.ts';
import { machineOf, startOf } from './small-machines.ts';
import { definitions, setUp, setUpAsked, tokenIn } from './set-up.ts';

const stopped = { error: 'Stopped', cause: 'by hand' };

describe('start', () => {
  it('runs one task after the other, and leaves nothing behind', async () => {
    const { computer, executor } = setUp();
    const input = { id: 'ada' };
    expect(await executor.executions.start(startOf('greet', 'e1', input))).toBe('started');
    await computer.settle();
    expect(computer.invoked).toEqual([
      {
        functionName: 'greet',
        payload: { id: 'ada' },
        machine: { tenant: 'acme', journey: 'greet', version: 1 },
        execution: 'e1',
        state: 'Greet',
        attempt: 1,
      },
      {
        functionName: 'bye',
        payload: { id: 'ada' },
        machine: { tenant: 'acme', journey: 'greet', version: 1 },
        execution: 'e1',
        state: 'Bye',
        attempt: 1,
      },
    ]);
    expect(computer.stored()).toEqual([]);
    expect(computer.reports).toEqual([]);
  });

  it('is stored before it is acknowledged, and before any function runs', async () => {
    let seen: unknown;
    const { computer, executor } = setUp({
      greet: () => {
        seen = [...computer.written];
      },
    });
    await executor.executions.start(startOf('greet'));
    expect(computer.written[0]).toBe('execution.start');
    await computer.settle();
    expect(seen).toEqual(['execution.start']);
  });

  it('gives no token out before its task is stored', async () => {
    let seen: unknown;
    const { computer, executor } = setUp({
      ask: () => {
        seen = computer.stored();
      },
    });
    await executor.executions.start(startOf('greetAndAsk'));
    await computer.settle();
    expect(computer.invoked.map(({ state, token }) => [state, token])).toEqual([
      ['Greet', undefined],
      ['Ask', 'acme#x#e1:8'],
    ]);
    expect(seen).toMatchObject([{ a: 'Ask', p: 'r', k: 8 }]);
  });

  it('takes a result that is not JSON as the JSON that it would be', async () => {
    const { computer, executor } = setUp({ tell: () => undefined, greet: () => new Date(0) });
    await executor.executions.start(startOf('repeat'));
    await computer.settle();
    expect(computer.invoked.at(-1)?.payload).toBe('1970-01-01T00:00:00.000Z');
  });

  it('keeps data that is nested deeper than a table takes', async () => {
    const { computer, executor } = setUp();
    let nested: JsonObject = { bottom: true };
    for (let level = 0; level < 60; level++) nested = { nested };
    expect(await executor.executions.start(startOf('ask', 'e1', nested))).toBe('started');
    await computer.settle();
    expect(computer.stored()).toMatchObject([{ pk: 'acme#x#e1', sk: 'x' }, { pk: 'timers' }]);
    computer.kill();
    const next = computer.boot();
    await next.executions.succeed({ token: tokenIn(computer), output: 'yes' });
    await computer.settle();
    expect(computer.invoked.at(-1)).toMatchObject({ payload: { ...nested, answer: 'yes' } });
    expect(computer.stored()).toEqual([]);
    expect(computer.reports).toEqual([]);
  });

  it('answers `exists` for a name that runs, and changes nothing', async () => {
    const { computer, executor } = setUp();
    expect(await executor.executions.start(startOf('ask'))).toBe('started');
    await computer.settle();
    const before = computer.stored();
    expect(await executor.executions.start(startOf('ask'))).toBe('exists');
    await computer.settle();
    expect(computer.stored()).toEqual(before);
    expect(computer.invoked).toHaveLength(1);
  });

  it('of several at the same time, starts one', async () => {
    const { computer, executor } = setUp();
    const starts = [1, 2, 3].map(() => executor.executions.start(startOf('ask')));
    expect(await Promise.all(starts)).toEqual(['started', 'exists', 'exists']);
    await computer.settle();
    expect(computer.invoked).toHaveLength(1);
  });

  it('takes a name again once its execution has ended', async () => {
    const { computer, executor } = setUp();
    expect(await executor.executions.start(startOf('greet'))).toBe('started');
    await computer.settle();
    expect(await executor.executions.start(startOf('greet'))).toBe('started');
  });

  it('needs no row for an execution that ends at once', async () => {
    const { computer, executor } = setUp();
    expect(await executor.executions.start(startOf('instant'))).toBe('started');
    expect(computer.written).toEqual([]);
    expect(executor.activity().live).toBe(0);
  });

  it('keeps tenants apart', async () => {
    const { computer, executor } = setUp();
    const start = { name: 'e1', input: {} };
    const acme = machineOf('ask', 'acme');
    const globex = machineOf('ask', 'globex');
    expect(await executor.executions.start({ ...start, machine: acme })).toBe('started');
    expect(await executor.executions.start({ ...start, machine: globex })).toBe('started');
    await computer.settle();
    expect(await executor.executions.stop({ machine: acme, name: 'e1', ...stopped })).toBe(
      'stopped',
    );
    await executor.executions.succeed({ token: tokenIn(computer), output: 1 });
    await computer.settle();
    expect(computer.invoked.map(({ machine, state }) => [machine.tenant, state])).toEqual([
      ['acme', 'Ask'],
      ['globex', 'Ask'],
      ['globex', 'Tell'],
    ]);
  });

  it.each(['', 'a b', 'a#b', 'ä', 'a'.repeat(81)])('refuses the name %j', async (name) => {
    const { executor } = setUp();
    const start = executor.executions.start(startOf('greet', name));
    await expect(start).rejects.toMatchObject({ code: 'executions.name' });
  });

  it('takes a name of 80 characters of every kind that is allowed', async () => {
    const { executor } = setUp();
    const name = `azAZ09_-${'x'.repeat(72)}`;
    expect(await executor.executions.start(startOf('greet', name))).toBe('started');
  });

  it('refuses a machine that cannot run, with its problems', async () => {
    const { computer, executor } = setUp();
    const start = executor.executions.start(startOf('broken'));
    await expect(start).rejects.toMatchObject({
      code: 'asl.invalid',
      problems: [{ code: 'asl.transition', path: 'States.Nothing.Next' }, { code: 'asl.no-end' }],
    });
    expect(computer.stored()).toEqual([]);
    await expect(executor.executions.start(startOf('unknown'))).rejects.toThrow('unknown');
    expect(executor.activity().live).toBe(0);
  });
});

describe('succeed and fail', () => {
  it('lead on from the task that the token names', async () => {
    const { computer, executor, token } = await setUpAsked();
    expect(computer.stored()).toHaveLength(2);
    expect(await executor.executions.succeed({ token, output: 'yes' })).toBe('accepted');
    await computer.settle();
    expect(computer.invoked.at(-1)).toMatchObject({
      state: 'Tell',
      payload: { id: 'ada', answer: 'yes' },
    });
    expect(computer.stored()).toEqual([]);
  });

  it('are stored before they are acknowledged', async () => {
    const { computer, executor, token } = await setUpAsked();
    const before = computer.written.length;
    await executor.executions.succeed({ token, output: 'yes' });
    expect(computer.written.slice(before)[0]).toBe('execution.keep');
  });

  it('count once: the first answer wins, and every later one is told so', async () => {
    const { computer, executor, token } = await setUpAsked();
    const answers = [
      executor.executions.succeed({ token, output: 'first' }),
      executor.executions.succeed({ token, output: 'second' }),
      executor.executions.fail({ token, error: 'Third', cause: '' }),
    ];
    expect(await Promise.all(answers)).toEqual(['accepted', 'gone', 'gone']);
    await computer.settle();
    expect(await executor.executions.succeed({ token, output: 'fourth' })).toBe('gone');
    expect(computer.invoked.slice(1)).toMatchObject([{ payload: { answer: 'first' } }]);
  });

  it('may come before the function has returned', async () => {
    let answered: unknown;
    const computer = createComputer({
      definitions,
      functions: {
        ask: async (_payload: Json, { token = '' }) => {
          answered = await executor.executions.succeed({ token, output: 'early' });
          return 'ignored';
        },
      },
    });
    const executor = computer.boot();
    await executor.executions.start(startOf('ask'));
    await computer.settle();
    expect(computer.invoked.at(-1)).toMatchObject({ state: 'Tell', payload: { answer: 'early' } });
    expect(answered).toBe('accepted');
    expect(computer.stored()).toEqual([]);
  });

  it('end an execution that does not catch the failure', async () => {
    const { computer, executor, token } = await setUpAsked();
    const answer = executor.executions.fail({ token, error: 'No', cause: 'they said no' });
    expect(await answer).toBe('accepted');
    await computer.settle();
    expect(computer.invoked).toHaveLength(1);
    expect(computer.stored()).toEqual([]);
  });

  it.each(['', 'x', ':1', 'acme#x#e1', 'acme#x#e1:', 'acme#x#e1:0', 'acme#x#e1:zz', 'acme:3'])(
    'are told `gone` for the token %j',
    async (token) => {
      const { executor } = await setUpAsked();
      expect(await executor.executions.succeed({ token, output: 1 })).toBe('gone');
      expect(await executor.executions.fail({ token, error: 'E', cause: '' })).toBe('gone');
      expect(await executor.heartbeat(token)).toBe('gone');
    },
  );
});

describe('heartbeat', () => {
  it('is accepted as long as the task waits', async () => {
    const { executor, token } = await setUpAsked();
    expect(await executor.heartbeat(token)).toBe('accepted');
    await executor.executions.succeed({ token, output: 1 });
    expect(await executor.heartbeat(token)).toBe('gone');
  });
});

describe('a parked execution', () => {
  it('is one row and one timer of the table, and nothing in memory', async () => {
    const { computer, executor } = await setUpAsked();
    expect(executor.activity()).toEqual({
      functionsRunning: 0,
      functionsWaiting: 0,
      unstored: 0,
      live: 0,
      sweeping: false,
    });
    expect(computer.stored()).toEqual([
      {
        pk: 'acme#x#e1',
        sk: 'x',
        m: 'ask@1',
        x: { id: 'ada' },
        a: 'Ask',
        k: 3,
        u: bootInstant + 60_000,
      },
      { pk: 'timers', sk: `0${(bootInstant + 60_000).toString(36)}acme#x#e1` },
    ]);
  });
});
