import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../lib/adapters/local/memory-table.ts';
import { instanceItem, instanceOf } from '../../lib/engine/records/instance.ts';
import {
  journeyItem,
  journeyOf,
  versionItem,
  versionOf,
} from '../../lib/engine/records/journey.ts';
import { segmentItem, segmentOf } from '../../lib/engine/records/segment.ts';
import { stepItem, stepOf } from '../../lib/engine/records/step.ts';
import type { Item } from '../../lib/ports/table.ts';
import {
  aCustomer,
  aDelivery,
  aJourney,
  anInstance,
  aSegment,
  aStep,
  aTenant,
  aVersion,
} from './factories.ts';
import { simpleEmailJourney, simpleJourney, waitForEventJourney, waitJourney } from './graphs.ts';
import { check } from './graphs-checked.ts';
import { openKit } from './kit.ts';

async function stored(item: Item): Promise<Item> {
  const table = createMemoryTable();
  await table.write({ name: 'test.store', writes: [{ put: item }] });
  return (await table.get({ pk: item.pk, sk: item.sk })) as Item;
}

describe('the factories', () => {
  it('number what they make', () => {
    const [one, other] = [aCustomer(), aCustomer()];
    expect(one.id).toMatch(/^customer_\d+$/);
    expect(one.email).toBe(`${one.id}@example.com`);
    expect(one.id).not.toBe(other.id);
    expect(aTenant()).not.toBe(aTenant());
    expect(aJourney().id).not.toBe(aJourney().id);
    expect(anInstance().id).not.toBe(anInstance().id);
    expect(aSegment().id).not.toBe(aSegment().id);
  });

  it('make a draft of the test tenant and a customer of whom nothing is known, unless told otherwise', () => {
    expect(aJourney()).toMatchObject({ tenant: 'test_tenant', status: 'draft', latestVersion: 1 });
    expect(aVersion().graph).toEqual(simpleJourney());
    expect(aCustomer()).toMatchObject({ tenant: 'test_tenant', properties: {} });
    expect(aJourney({ status: 'active', activeVersion: 1 })).toMatchObject({ status: 'active' });
    expect(aCustomer({ id: 'ada', properties: { plan: 'pro' } })).toMatchObject({
      id: 'ada',
      properties: { plan: 'pro' },
    });
  });

  it('make records that the table gives back as they were', async () => {
    const [journey, version, instance, segment] = [
      aJourney(),
      aVersion(),
      anInstance(),
      aSegment(),
    ];
    const step = aStep({ node: 'email_1', send: aDelivery() });
    expect(journeyOf(journey.tenant, await stored(journeyItem(journey)))).toEqual(journey);
    const { tenant, journey: id } = version;
    expect(versionOf(tenant, id, await stored(versionItem(version)))).toEqual(version);
    expect(instanceOf(await stored(instanceItem(instance)))).toEqual(instance);
    expect(stepOf(await stored(stepItem(step)))).toEqual(step);
    expect(segmentOf(segment.tenant, await stored(segmentItem(segment)))).toEqual(segment);
  });

  it('make customers and segments that the test kit takes', async () => {
    const kit = await openKit();
    const customer = aCustomer({ properties: { plan: 'pro' } });
    const { tenant, id, rule } = aSegment();
    await kit.segment({ tenant, id, rule });
    await kit.customer(customer);
    expect(await kit.profile({ tenant, id: customer.id })).toMatchObject({ email: customer.email });
  });
});

describe('the fixtures', () => {
  it.each([
    ['simple journey', simpleJourney()],
    ['simple e-mail journey', simpleEmailJourney()],
    ['wait journey', waitJourney()],
    ['wait-for-event journey', waitForEventJourney()],
  ])('%s can be published', (_name, graph) => {
    expect(check(graph).problems).toEqual([]);
  });

  it('wait-for-event journey has the timeout that it is given', () => {
    const timeouts = [waitForEventJourney(), waitForEventJourney({ timeout: '100ms' })].map(
      ({ nodes }) => nodes.find(({ id }) => id === 'wait_1')?.config?.['timeout'],
    );
    expect(timeouts).toEqual(['3d', '100ms']);
  });
});
