/** Time: waits, timeouts, pauses between attempts, and the timers that stand for them in the table. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lib/json.ts';
import type { Item } from '../../../lib/ports/table.ts';
import type { Computer, TestFunction } from './computer.ts';
import { bootInstant, createComputer, unavailable } from './computer.ts';
import { chainOf, startOf, task, tokenTask } from './machines.ts';

const hours = 3_600_000;

function computerFor(
  journey: JsonObject,
  functions: Readonly<Record<string, TestFunction>> = {},
): Computer {
  return createComputer({ definitions: { journey }, functions });
}

function statesOf(computer: Computer): readonly string[] {
  return computer.invoked.map(({ state }) => state);
}

function timersOf(computer: Computer): readonly Item[] {
  return computer.stored().filter(({ pk }) => pk === 'timers');
}

const rest = chainOf({
  Rest: { Type: 'Wait', Seconds: 3_600, Next: 'After' },
  After: task('after', { End: true }),
});

const patient = chainOf({
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

describe('a Wait state', () => {
  it('lasts as long as it says', async () => {
    const computer = computerFor(rest);
    await computer.boot().executions.start(startOf('journey'));
    await computer.pass(hours - 1);
    expect(computer.invoked).toEqual([]);
    await computer.pass(1);
    expect(statesOf(computer)).toEqual(['After']);
    expect(computer.stored()).toEqual([]);
  });

  it('ends while the process is away, and goes on as soon as one is back', async () => {
    const computer = computerFor(rest);
    await computer.boot().executions.start(startOf('journey'));
    computer.kill();
    await computer.pass(5 * hours);
    expect(computer.invoked).toEqual([]);
    expect(await computer.boot().recover()).toEqual({ resumed: 0 });
    await computer.settle();
    expect(statesOf(computer)).toEqual(['After']);
  });

  it('ends in its time when the process was away before', async () => {
    const computer = computerFor(rest);
    await computer.boot().executions.start(startOf('journey'));
    computer.kill();
    await computer.pass(hours / 2);
    await computer.boot().recover();
    await computer.pass(hours / 2 - 1);
    expect(computer.invoked).toEqual([]);
    await computer.pass(1);
    expect(statesOf(computer)).toEqual(['After']);
  });
});

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

describe('timers', () => {
  it('fire in the order of their due times, far more of them than one page', async () => {
    const computer = computerFor(
      chainOf({
        Rest: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'After' },
        After: task('after', { End: true }),
      }),
    );
    const executor = computer.boot();
    const count = 700;
    for (let at = 0; at < count; at++) {
      const seconds = 1 + ((at * 37) % count);
      await executor.executions.start(startOf('journey', `e${at}`, { seconds }));
    }
    computer.kill();
    await computer.pass(count * 1_000);
    await computer.boot({ concurrencyMax: 1 }).recover();
    await computer.settle();
    const seconds = computer.invoked.map(({ payload }) => (payload as JsonObject)['seconds']);
    expect(seconds).toHaveLength(count);
    expect(seconds).toEqual([...seconds].sort((a, b) => Number(a) - Number(b)));
    expect(computer.stored()).toEqual([]);
  });

  it('are one per parked execution: the one before goes when the execution moves on', async () => {
    const computer = computerFor(patient);
    const executor = computer.boot();
    await executor.executions.start(startOf('journey'));
    await computer.settle();
    expect(timersOf(computer)).toHaveLength(1);
    await computer.pass(20_000);
    await executor.heartbeat(computer.invoked[0]?.token ?? '');
    expect(timersOf(computer)).toEqual([
      { pk: 'timers', sk: `0${(bootInstant + 60_000).toString(36)}acme#x#e1` },
    ]);
  });

  it('that belong to nothing any more are removed, and wake nobody', async () => {
    const computer = computerFor(patient);
    const executor = computer.boot();
    await executor.executions.start(startOf('journey'));
    await computer.settle();
    const stray = (key: string): Item => ({
      pk: 'timers',
      sk: `0${(bootInstant + 1_000).toString(36)}${key}`,
    });
    const writes = [{ put: stray('acme#x#e1') }, { put: stray('acme#x#never') }];
    await computer.table.write({ name: 'test.stray', writes });
    computer.kill();
    await computer.boot().recover();
    await computer.pass(2_000);
    const left = await computer.table.query({ pk: 'timers', limit: 10 });
    expect(left.items.map(({ sk }) => sk.slice(9))).toEqual(['acme#x#e1']);
    expect(statesOf(computer)).toEqual(['Ask']);
    await computer.pass(38_000);
    expect(statesOf(computer)).toEqual(['Ask', 'Late']);
  });

  it('are looked at again when the table was away', async () => {
    const computer = computerFor(rest);
    await computer.boot().executions.start(startOf('journey'));
    await computer.settle();
    computer.outage = unavailable;
    await computer.pass(hours + 10_000);
    expect(computer.invoked).toEqual([]);
    expect(computer.reports).toEqual([{ kind: 'store', error: unavailable }]);
    computer.outage = undefined;
    await computer.pass(5_000);
    expect(statesOf(computer)).toEqual(['After']);
    expect(computer.stored()).toEqual([]);
  });

  it('of one execution do not wait for another that cannot go on', async () => {
    const computer = createComputer({ definitions: { journey: rest, other: rest } });
    const executor = computer.boot();
    await executor.executions.start(startOf('other', 'e0'));
    await executor.executions.start(startOf('journey', 'e1'));
    computer.kill();
    let isKnown = false;
    await computer
      .boot({
        definitionOf: ({ journey }) =>
          isKnown || journey === 'journey' ? Promise.resolve(rest) : Promise.reject(unavailable),
      })
      .recover();
    await computer.pass(hours);
    expect(computer.invoked.map(({ execution }) => execution)).toEqual(['e1']);
    isKnown = true;
    await computer.pass(5_000);
    expect(computer.invoked.map(({ execution }) => execution)).toEqual(['e1', 'e0']);
    expect(computer.stored()).toEqual([]);
  });

  it('that are far away are met in their time', async () => {
    const computer = computerFor(
      chainOf({
        Rest: { Type: 'Wait', Timestamp: '2036-01-01T00:00:00Z', Next: 'After' },
        After: task('after', { End: true }),
      }),
    );
    await computer.boot().executions.start(startOf('journey'));
    const tenYears = Date.UTC(2036, 0, 1) - Date.UTC(2026, 0, 1);
    await computer.pass(tenYears - 1);
    expect(computer.invoked).toEqual([]);
    await computer.pass(1);
    expect(statesOf(computer)).toEqual(['After']);
  });
});
