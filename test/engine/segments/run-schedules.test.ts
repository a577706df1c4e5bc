import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../../lib/adapters/local/memory-table.ts';
import { archiveJourney } from '../../../lib/engine/journeys/change-journey.ts';
import { saveCustomer } from '../../../lib/engine/customers/customers.ts';
import { engineContext, type EngineContext } from '../../../lib/engine/engine-context.ts';
import { listJourneyInstances } from '../../../lib/engine/instances/list-instances.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { nextScheduleAt, runSchedules } from '../../../lib/engine/segments/run-schedules.ts';
import { saveSegment } from '../../../lib/engine/segments/segments.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import { nodeTypes } from '../../../lib/nodes/catalogue.ts';
import type { Key, Table } from '../../../lib/ports/table.ts';
import { seededChance, seededIds } from '../../../lib/testkit/seeded-chance.ts';
import { virtualClock, type VirtualClock } from '../../../lib/testkit/virtual-clock.ts';
import { drawGraph } from '../../support/graphs.ts';
import { exit } from '../../support/kit.ts';

const tenant = 'T1';
const customers = Array.from({ length: 250 }, (_, at) => `c${String(at).padStart(3, '0')}`);

const daily = drawGraph(
  { in: ['segment_entry', { segment_id: 'vip', schedule: '0 9 * * *' }], out: exit },
  ['in -> out'],
);

interface Machine {
  readonly ctx: EngineContext;
  /** Where each page of profiles began. */
  readonly pages: (Key | undefined)[];
  /** The store does not take this many more groups of looks. */
  breakAfter(looks: number): void;
}

/** Processes of different machines on one table: nobody can tell whether another is still there. */
function machine(table: Table, clock: VirtualClock, id: string): Machine {
  const pages: (Key | undefined)[] = [];
  let left = Infinity;
  const watched: Table = {
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    queryIndex: (query) => {
      pages.push(query.after);
      return table.queryIndex(query);
    },
    write: (group) => {
      if (group.name === 'segment.look' && (left -= 1) < 0) {
        return Promise.reject(new KalciferError('table.unavailable', 'The store is away.'));
      }
      return table.write(group);
    },
  };
  const ctx = engineContext(
    {
      table: watched,
      clock,
      ids: seededIds(seededChance(id.length)),
      channels: { find: () => undefined },
      executions: {
        start: () => Promise.resolve('started' as const),
        succeed: () => Promise.resolve('gone' as const),
        stop: () => Promise.resolve(),
      } as never,
      process: { id, mayBeAlive: () => true },
    },
    { nodeTypes, compile: () => ({ definition: {} }), templatesMustExist: false },
  );
  return { ctx, pages, breakAfter: (looks) => void (left = looks) };
}

async function twoMachines(): Promise<{ clock: VirtualClock; a: Machine; b: Machine }> {
  const table = createMemoryTable();
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const [a, b] = [machine(table, clock, 'a'), machine(table, clock, 'bb')];
  const rule = { field: 'customer.properties.spent', op: 'gte', value: 100 };
  await saveSegment(a.ctx, { tenant, segment: 'vip', rule });
  await publish(a.ctx, { tenant, journey: 'J', graph: daily });
  for (const customer of customers) {
    await saveCustomer(a.ctx, { tenant, customer, properties: { spent: 100 } });
  }
  return { clock, a, b };
}

async function letIn({ ctx }: Machine): Promise<string[]> {
  const { instances } = await listJourneyInstances(ctx, { tenant, journey: 'J' }, { limit: 1000 });
  return instances.map(({ customer }) => customer).toSorted();
}

describe('schedules', () => {
  it('are due at their times', async () => {
    const { clock, a } = await twoMachines();
    const iso = async (): Promise<string> =>
      new Date((await nextScheduleAt(a.ctx)) ?? 0).toISOString();
    expect(await iso()).toBe('2026-01-01T09:00:00.000Z');
    expect(await runSchedules(a.ctx)).toBe(0);
    clock.moveTo(Date.parse('2026-01-03T12:00:00Z'));
    expect(await runSchedules(a.ctx)).toBe(1);
    expect(await iso()).toBe('2026-01-04T09:00:00.000Z');
    expect(await runSchedules(a.ctx)).toBe(0);
    expect(await letIn(a)).toEqual(customers);
  });

  it('are run by one of two machines that find them due at once', async () => {
    const { clock, a, b } = await twoMachines();
    clock.moveTo(Date.parse('2026-01-01T09:00:00Z'));
    const finished = await Promise.all([runSchedules(a.ctx), runSchedules(b.ctx)]);
    expect(finished.toSorted()).toEqual([0, 1]);
    expect([a.pages.length, b.pages.length].toSorted()).toEqual([0, 3]);
    expect(await letIn(a)).toEqual(customers);
  });

  it('that a machine left half-way are taken up by another when its lease is over, at the page where it was', async () => {
    const { clock, a, b } = await twoMachines();
    clock.moveTo(Date.parse('2026-01-01T09:00:00Z'));
    a.breakAfter(150);
    await expect(runSchedules(a.ctx)).rejects.toMatchObject({ code: 'table.unavailable' });
    expect(a.pages).toEqual([undefined, { pk: 'T1#c#c099', sk: 'p' }]);
    expect(await letIn(a)).toHaveLength(150);

    clock.moveTo(clock.now() + 59_999);
    expect(await runSchedules(b.ctx)).toBe(0);
    clock.moveTo(clock.now() + 1);
    expect(await runSchedules(b.ctx)).toBe(1);
    expect(b.pages).toEqual([
      { pk: 'T1#c#c099', sk: 'p' },
      { pk: 'T1#c#c199', sk: 'p' },
    ]);
    expect(await letIn(b)).toEqual(customers);
  });

  it('stop between two pages when time is up, and go on where they were', async () => {
    const { clock, a, b } = await twoMachines();
    clock.moveTo(Date.parse('2026-01-01T09:00:00Z'));
    expect(await runSchedules(a.ctx, () => a.pages.length < 2)).toBe(0);
    expect(await letIn(a)).toHaveLength(200);
    clock.moveTo(clock.now() + 60_000);
    expect(await runSchedules(b.ctx, () => false)).toBe(0);
    expect(await runSchedules(b.ctx)).toBe(1);
    expect(b.pages).toEqual([{ pk: 'T1#c#c199', sk: 'p' }]);
    expect(await letIn(b)).toEqual(customers);
  });

  it('go with their journey: archiving it ends them, a version without one as well', async () => {
    const { clock, a } = await twoMachines();
    await archiveJourney(a.ctx, { tenant, journey: 'J' });
    clock.moveTo(Date.parse('2026-01-01T09:00:00Z'));
    expect(await runSchedules(a.ctx)).toBe(0);
    expect(await nextScheduleAt(a.ctx)).toBeUndefined();

    await publish(a.ctx, { tenant, journey: 'K', graph: daily });
    expect(await nextScheduleAt(a.ctx)).toBe(Date.parse('2026-01-02T09:00:00Z'));
    const atOnce = drawGraph({ in: ['segment_entry', { segment_id: 'vip' }], out: exit }, [
      'in -> out',
    ]);
    await publish(a.ctx, { tenant, journey: 'K', graph: atOnce });
    expect(await nextScheduleAt(a.ctx)).toBeUndefined();
    expect(await letIn(a)).toEqual([]);
  });

  it('of one journey run when another cannot', async () => {
    const { clock, a } = await twoMachines();
    await publish(a.ctx, { tenant, journey: 'A', graph: daily });
    await saveCustomer(a.ctx, { tenant, customer: 'late', properties: { spent: 100 } });
    clock.moveTo(Date.parse('2026-01-01T09:00:00Z'));
    a.breakAfter(0);
    await expect(runSchedules(a.ctx)).rejects.toMatchObject({ code: 'table.unavailable' });
    a.breakAfter(Infinity);
    clock.moveTo(clock.now() + 60_000);
    expect(await runSchedules(a.ctx)).toBe(2);
    expect(await letIn(a)).toEqual([...customers, 'late']);
  });
});
