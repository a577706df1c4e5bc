/** Timeouts and pauses between attempts, whether a function runs meanwhile or the execution is parked. */
import { describe, expect, it } from 'vitest';
import { bootInstant } from './computer.ts';
import { chainOf, startOf, task } from './small-machines.ts';
import { computerFor, patient, rest, statesOf } from './set-up.ts';

const hours = 3_600_000;

describe('a timeout', () => {
  it('ends a parked task', async () => {
    const computer = computerFor(patient);
    const executor = computer.boot();
    await executor.executions.start(startOf('journey'));
    await computer.pass(30_000);
    const [{ token = '' } = {}] = computer.invoked;
    await executor.heartbeat(token);
    await computer.pass(39_000);
    await executor.heartbeat(token);
    await computer.pass(30_999);
    expect(statesOf(computer)).toEqual(['Ask']);
    await computer.pass(1);
    expect(statesOf(computer)).toEqual(['Ask', 'Late']);
    expect(computer.invoked[1]?.payload).toEqual({ error: { Error: 'States.Timeout', Cause: '' } });
    expect(await executor.executions.succeed({ token, output: 1 })).toBe('gone');
    expect(computer.stored()).toEqual([]);
  });

  it('ends a parked task whose heartbeat stays away', async () => {
    const computer = computerFor(patient);
    await computer.boot().executions.start(startOf('journey'));
    await computer.pass(39_999);
    expect(statesOf(computer)).toEqual(['Ask']);
    await computer.pass(1);
    expect(statesOf(computer)).toEqual(['Ask', 'Late']);
  });

  it('ends a task whose function still runs, and what that returns is ignored', async () => {
    let finish: () => void = () => undefined;
    const computer = computerFor(
      chainOf({
        Slow: task('slow', {
          TimeoutSeconds: 10,
          Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }],
          Next: 'InTime',
        }),
        InTime: task('inTime', { End: true }),
        Late: task('late', { End: true }),
      }),
      {
        slow: () =>
          new Promise<void>((resolve) => {
            finish = resolve;
          }),
      },
    );
    await computer.boot().executions.start(startOf('journey'));
    await computer.pass(10_000);
    finish();
    await computer.settle();
    expect(statesOf(computer)).toEqual(['Slow', 'Late']);
    expect(computer.stored()).toEqual([]);
    expect(computer.clock.nextAlarm()).toBeUndefined();
  });

  it('of the whole machine ends it wherever it is', async () => {
    const computer = computerFor({ ...rest, TimeoutSeconds: 600 });
    await computer.boot().executions.start(startOf('journey'));
    await computer.pass(599_999);
    expect(computer.stored()).toHaveLength(2);
    await computer.pass(1);
    expect(computer.stored()).toEqual([]);
    await computer.pass(hours);
    expect(computer.invoked).toEqual([]);
  });

  it('of the whole machine counts from its start, also after a crash', async () => {
    const computer = computerFor({ ...rest, TimeoutSeconds: 600 });
    await computer.boot().executions.start(startOf('journey'));
    await computer.pass(300_000);
    computer.kill();
    await computer.boot().recover();
    await computer.pass(299_999);
    expect(computer.stored()).toHaveLength(2);
    await computer.pass(1);
    expect(computer.stored()).toEqual([]);
  });
});

describe('a task that fails and is retried', () => {
  const stubborn = chainOf({
    Try: task('try', {
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 2 }],
      End: true,
    }),
  });

  it('pauses between its attempts, and counts them on after a crash', async () => {
    const instants: number[] = [];
    const computer = computerFor(stubborn, {
      try: () => {
        instants.push(computer.clock.now() - bootInstant);
        throw Object.assign(new Error('try later'), { name: 'Busy' });
      },
    });
    await computer.boot().executions.start(startOf('journey'));
    await computer.pass(15_000);
    computer.kill();
    await computer.boot().recover();
    await computer.pass(hours);
    expect(instants).toEqual([0, 10_000, 40_000]);
    expect(computer.invoked.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(computer.stored()).toEqual([]);
  });
});
