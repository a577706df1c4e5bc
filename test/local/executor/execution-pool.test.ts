/** How executions come into memory and leave it: stopped, bounded, held back, closed. */
import { describe, expect, it } from 'vitest';
import { bootInstant, createComputer } from './computer.ts';
import { machineOf, startOf } from './small-machines.ts';
import { definitions, setUp, setUpAsked } from './set-up.ts';

const stopped = { error: 'Stopped', cause: 'by hand' };

describe('stop', () => {
  it('ends a parked execution and removes all of it', async () => {
    const { computer, executor, token } = await setUpAsked();
    const request = { machine: machineOf('ask'), name: 'e1', ...stopped };
    expect(await executor.executions.stop(request)).toBe('stopped');
    expect(computer.stored()).toEqual([]);
    expect(await executor.executions.stop(request)).toBe('gone');
    expect(await executor.executions.succeed({ token, output: 1 })).toBe('gone');
  });

  it('ignores what a function returns that was running', async () => {
    let finish: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { computer, executor } = setUp({ greet: () => running });
    await executor.executions.start(startOf('greet'));
    const request = { machine: machineOf('greet'), name: 'e1', ...stopped };
    expect(await executor.executions.stop(request)).toBe('stopped');
    expect(await executor.executions.stop(request)).toBe('gone');
    finish();
    await computer.settle();
    expect(computer.invoked).toHaveLength(1);
    expect(computer.stored()).toEqual([]);
    expect(executor.activity()).toMatchObject({ functionsRunning: 0, live: 0 });
  });

  it('leaves the name free for another execution, which the late return does not touch', async () => {
    const finish: (() => void)[] = [];
    const { computer, executor } = setUp({
      greet: () => new Promise<void>((resolve) => finish.push(resolve)),
    });
    await executor.executions.start(startOf('greet'));
    await executor.executions.stop({ machine: machineOf('greet'), name: 'e1', ...stopped });
    expect(await executor.executions.start(startOf('greet'))).toBe('started');
    await computer.settle();
    finish[0]?.();
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Greet', 'Greet']);
    finish[1]?.();
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Greet', 'Greet', 'Bye']);
  });
});

describe('concurrencyMax', () => {
  it('bounds the functions that run at the same time, and the others follow', async () => {
    let running = 0;
    let most = 0;
    const finish: (() => void)[] = [];
    const computer = createComputer({
      definitions,
      functions: {
        greet: () => {
          running += 1;
          most = Math.max(most, running);
          return new Promise<void>((resolve) => {
            finish.push(() => {
              running -= 1;
              resolve();
            });
          });
        },
      },
    });
    const executor = computer.boot({ concurrencyMax: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await executor.executions.start(startOf('greet', name));
    }
    expect(executor.activity()).toMatchObject({
      functionsRunning: 2,
      functionsWaiting: 3,
      live: 5,
    });
    for (let round = 0; round < 5; round++) {
      finish[round]?.();
      await computer.settle();
    }
    expect([most, running, computer.invoked.length]).toEqual([2, 0, 10]);
    expect(computer.stored()).toEqual([]);
  });
});

describe('gate', () => {
  it('decides when functions begin, timers are looked at and writes are tried again', async () => {
    const held: (() => void)[] = [];
    const computer = createComputer({ definitions });
    const executor = computer.boot({ gate: { run: (work) => held.push(work) } });
    await executor.executions.start(startOf('ask'));
    await computer.settle();
    expect(computer.invoked).toEqual([]);
    held.shift()?.();
    await computer.settle();
    expect(computer.invoked).toHaveLength(1);
    await computer.pass(60_000);
    expect(computer.stored()).toHaveLength(2);
    expect(held).toHaveLength(1);
    held.shift()?.();
    await computer.settle();
    expect(computer.stored()).toEqual([]);
  });
});

describe('close', () => {
  it('waits for the functions that run and stores what they did; the next process goes on', async () => {
    let finish: () => void = () => undefined;
    const computer = createComputer({
      definitions,
      functions: {
        greet: () =>
          new Promise<void>((resolve) => {
            finish = resolve;
          }),
      },
    });
    const executor = computer.boot();
    await executor.executions.start(startOf('greet'));
    let closed = false;
    const closing = executor.close().then(() => {
      closed = true;
    });
    await computer.settle();
    expect(closed).toBe(false);
    finish();
    await closing;
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Greet']);
    expect(computer.clock.nextAlarm()).toBeUndefined();

    const next = computer.boot();
    expect(await next.recover()).toEqual({ resumed: 1 });
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Greet', 'Bye']);
    expect(computer.stored()).toEqual([]);
  });

  it('waits no longer than its grace for a function that does not return', async () => {
    const { computer, executor } = setUp({ greet: () => new Promise(() => undefined) });
    await executor.executions.start(startOf('greet'));
    let closed = false;
    const closing = executor.close(2_000).then(() => {
      closed = true;
    });
    await computer.pass(1_999);
    expect(closed).toBe(false);
    await computer.pass(1);
    await closing;
    expect(executor.activity().live).toBe(0);
  });

  it('lets no call through any more', async () => {
    const { executor, token } = await setUpAsked();
    await executor.close();
    const refusal = { code: 'executions.unavailable' };
    await expect(executor.executions.start(startOf('greet'))).rejects.toMatchObject(refusal);
    await expect(executor.executions.succeed({ token, output: 1 })).rejects.toMatchObject(refusal);
    await expect(executor.recover()).rejects.toMatchObject(refusal);
  });

  it('leaves no alarm behind', async () => {
    const { computer, executor } = await setUpAsked();
    expect(computer.clock.nextAlarm()).toBe(bootInstant + 60_000);
    await executor.close();
    expect(computer.clock.nextAlarm()).toBeUndefined();
  });
});
