import { expect, it } from 'vitest';
import { simpleEmailJourney } from '../../support/graphs.ts';
import type { OpenHarness } from '../harness.ts';

export function tenantIsolation(open: OpenHarness): void {
  it('S3: an event of one tenant leaves the other tenant alone, with equal ids everywhere', async () => {
    const h = await open();
    const instances: Record<string, string> = {};
    for (const tenant of ['T1', 'T2']) {
      await h.publish({ tenant, journey: 'J', graph: simpleEmailJourney() });
      await h.customer({ tenant, id: 'c1', email: `c1@${tenant.toLowerCase()}.example` });
      const { instance } = await h.enroll({ tenant, journey: 'J', customer: 'c1' });
      instances[tenant] = instance;
    }
    await h.settle();

    const answer = await h.event({ tenant: 'T1', customer: 'c1', type: 'email_opened' });
    await h.settle();
    expect(answer.routed).toBe(1);
    expect((await h.instance(instances.T1 ?? '')).status).toBe('completed');
    const other = await h.instance(instances.T2 ?? '');
    expect(other.status).toBe('waiting');
    expect(other.positions).toEqual(['wait_1']);
    expect(await h.instances({ tenant: 'T2' })).toEqual([instances.T2]);
    expect(await h.conversions({ tenant: 'T2' })).toEqual([]);
    expect((await h.sends()).map(({ tenant, to }) => [tenant, to]).toSorted()).toEqual([
      ['T1', 'c1@t1.example'],
      ['T2', 'c1@t2.example'],
    ]);
  });
}
