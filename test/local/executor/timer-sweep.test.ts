/** The timers of parked executions: in their time, in their order, through deaths and outages, and none too many. */
import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../../lib/adapters/local/memory-table.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { Item, Table } from '../../../lib/ports/table.ts';
import type { Computer } from './computer.ts';
import { bootInstant, createComputer, unavailable } from './computer.ts';
import { chainOf, startOf, task } from './small-machines.ts';
import { computerFor, patient, rest, statesOf } from './set-up.ts';

const hours = 3_600_000;

function timersOf(computer: Computer): readonly Item[] {
  return computer.stored().filter(({ pk }) => pk === 'timers');
}

const restAndWork = chainOf({
  Both: {
    Type: 'Parallel',
    Branches: [
      chainOf({ Rest: { Type: 'Wait', Seconds: 10, End: true } }),
      chainOf({ Work: task('work', { End: true }) }),
    ],
    Next: 'After',
  },
  After: task('after', { End: true }),
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

  it('that are stray do not take with them the same timer, set anew just now', async () => {
    const memory = createMemoryTable();
    const late: (() => void)[] = [];
    // A write of nothing but timers arrives late.
    const table: Table = {
      ...memory,
      write: async (group) => {
        const keys = group.writes.map((write) =>
          'put' in write ? write.put : 'delete' in write ? write.delete : undefined,
        );
        if (keys.every((key) => key === undefined || key.pk === 'timers'))
          await new Promise<void>((resolve) => late.push(resolve));
        return memory.write(group);
      },
    };
    const finish: (() => void)[] = [];
    const computer = createComputer({
      definitions: { journey: restAndWork },
      functions: { work: () => new Promise<void>((resolve) => finish.push(resolve)) },
      table,
    });
    await computer.boot().executions.start(startOf('journey'));
    computer.kill();
    const stray = { pk: 'timers', sk: `0${(bootInstant + 10_000).toString(36)}acme#x#e1` };
    await memory.write({ name: 'test.stray', writes: [{ put: stray }] });
    await computer.pass(20_000);
    void computer.boot().recover();
    await computer.settle();
    // The sweep has met the stray timer while the function runs. Now the execution waits for that very instant.
    finish.at(-1)?.();
    await computer.settle();
    for (const arrive of late) arrive();
    await computer.pass(1_000);
    expect(statesOf(computer)).toEqual(['Work', 'Work', 'After']);
    expect(computer.stored()).toEqual([]);
  });

  it('that become due while a sweep ends are met all the same', async () => {
    const memory = createMemoryTable();
    const late: (() => void)[] = [];
    // What the sweep is told about the next timer arrives late.
    const table: Table = {
      ...memory,
      query: async (query) => {
        const page = await memory.query(query);
        if (query.limit === 1) await new Promise<void>((resolve) => late.push(resolve));
        return page;
      },
    };
    const computer = createComputer({ definitions: { journey: rest }, table });
    const executor = computer.boot();
    void executor.recover();
    await computer.settle();
    await executor.executions.start(startOf('journey'));
    await computer.pass(hours);
    expect(statesOf(computer)).toEqual([]);
    for (const arrive of late) arrive();
    await computer.settle();
    expect(statesOf(computer)).toEqual(['After']);
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
