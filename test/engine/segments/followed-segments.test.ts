import { describe, expect, it } from 'vitest';
import { saveCustomer } from '../../../lib/engine/customers/customers.ts';
import { engineContext, type EngineContext } from '../../../lib/engine/engine-context.ts';
import { followedSegments } from '../../../lib/engine/segments/followed-segments.ts';
import { listJourneyInstances } from '../../../lib/engine/instances/list-instances.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { saveSegment } from '../../../lib/engine/segments/segments.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import type { Table } from '../../../lib/ports/table.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { exit } from '../../support/kit.ts';

const tenant = 'T1';

/** The reads that a table answers. */
function counted(table: Table): { readonly table: Table; readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    table: {
      get: (key) => (reads.push(`${key.pk} ${key.sk}`), table.get(key)),
      query: (query) => (reads.push(`${query.pk} ${query.prefix ?? ''}*`), table.query(query)),
      queryIndex: (query) => table.queryIndex(query),
      write: (group) => table.write(group),
    },
  };
}

/** Another process on the same table. */
function another({ ctx }: ApiHarness, table: Table = ctx.table): EngineContext {
  const onTable = { ...ctx, table };
  return engineContext(onTable, onTable);
}

async function publishVips({ ctx }: ApiHarness): Promise<void> {
  const rule = { field: 'customer.properties.spent', op: 'gte', value: 100 };
  await saveSegment(ctx, { tenant, segment: 'vip', rule });
  const graph = drawGraph({ in: ['segment_entry', { segment_id: 'vip' }], out: exit }, [
    'in -> out',
  ]);
  await publish(ctx, { tenant, journey: 'J', graph });
}

async function entered(ctx: EngineContext): Promise<number> {
  const { instances } = await listJourneyInstances(ctx, { tenant, journey: 'J' }, { limit: 10 });
  return instances.length;
}

describe('changes of profiles', () => {
  it('cost a tenant without segment entries one lookup in five seconds', async () => {
    const api = await apiHarness();
    const { table, reads } = counted(api.ctx.table);
    const ctx = another(api, table);
    await saveSegment(api.ctx, {
      tenant,
      segment: 'unused',
      rule: { field: 'customer.id', value: 'x' },
    });
    for (let at = 0; at < 100; at++) {
      await saveCustomer(ctx, { tenant, customer: 'c1', properties: { at } });
    }
    expect(reads.filter((read) => read === 'T1#segments *')).toHaveLength(1);
    expect(new Set(reads)).toEqual(new Set(['T1#segments *', 'T1#c#c1 p*']));
    api.clock.moveTo(api.clock.now() + 5_000);
    await saveCustomer(ctx, { tenant, customer: 'c1' });
    expect(reads.filter((read) => read === 'T1#segments *')).toHaveLength(2);
  });

  it('let a customer in as soon as the process that published knows, and within five seconds in others', async () => {
    const api = await apiHarness();
    const other = another(api);
    await saveCustomer(other, { tenant, customer: 'c0' });
    await publishVips(api);
    await saveCustomer(api.ctx, { tenant, customer: 'c1', properties: { spent: 100 } });
    expect(await entered(api.ctx)).toBe(1);
    api.clock.moveTo(api.clock.now() + 5_000);
    await saveCustomer(other, { tenant, customer: 'c2', properties: { spent: 100 } });
    expect(await entered(api.ctx)).toBe(2);
  });

  it('are compared with segments again after the store has been away', async () => {
    const api = await apiHarness();
    await publishVips(api);
    api.table.failWith(new KalciferError('table.unavailable', 'The store is away.'));
    await expect(followedSegments(api.ctx, tenant)).rejects.toMatchObject({
      code: 'table.unavailable',
    });
    api.table.failWith(undefined);
    expect(await followedSegments(api.ctx, tenant)).toHaveLength(1);
  });

  it('of many tenants keep no more than a thousand in mind', async () => {
    const { ctx } = await apiHarness();
    for (let at = 0; at < 1_010; at++) await followedSegments(ctx, `tenant ${at}`);
    expect(ctx.followed.size).toBe(1_000);
    expect([...ctx.followed.keys()][0]).toBe('tenant 10');
  });
});
