import { expect, it } from 'vitest';
import { saveCustomer } from '../../../lib/engine/customers/customers.ts';
import {
  findInSegment,
  listSegmentCustomers,
} from '../../../lib/engine/segments/segment-customers.ts';
import { saveSegment } from '../../../lib/engine/segments/segments.ts';
import { apiHarness } from '../../support/api-harness.ts';
import { aCustomer, aSegment } from '../../support/factories.ts';

it('one call looks at no more than 5,000 profiles, and the next goes on where it was', async () => {
  const { ctx } = await apiHarness();
  const { tenant, id: segment } = aSegment();
  await saveSegment(ctx, { tenant, segment, rule: { field: 'customer.id', value: 'c5100' } });
  for (let at = 0; at < 5_200; at++) {
    const { id, ...profile } = aCustomer({ tenant, id: `c${String(at).padStart(4, '0')}` });
    await saveCustomer(ctx, { ...profile, customer: id });
  }
  const first = await listSegmentCustomers(ctx, { tenant, segment }, { limit: 10 });
  expect(first).toEqual({ customers: [], next: 'c4999' });
  const second = await listSegmentCustomers(
    ctx,
    { tenant, segment },
    { limit: 10, after: 'c4999' },
  );
  expect(second).toEqual({ customers: ['c5100'] });
});

it('a customer whose id is blank is refused before anything is read', async () => {
  const { ctx } = await apiHarness();
  const { tenant, id: segment } = aSegment();
  await expect(findInSegment(ctx, { tenant, segment, customer: ' ' })).rejects.toMatchObject({
    code: 'input.invalid',
  });
});
