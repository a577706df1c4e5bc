/** The rows behind entries by segment: what is stored is what is read back. */
import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../../lib/adapters/local/memory-table.ts';
import { admissionFor, admissionItem, admissionOf } from '../../../lib/engine/records/admission.ts';
import { keepPresence, presenceOf, seenKey } from '../../../lib/engine/records/presence.ts';
import { scheduleItem, scheduleOf, type Schedule } from '../../../lib/engine/records/schedule.ts';
import type { Item, Write } from '../../../lib/ports/table.ts';
import { aSegment } from '../../support/factories.ts';

const tenant = 'T#1';
const customer = 'c#1';
const entries = [{ journey: 'J#1', node: 'in' }];

async function stored(put: Item): Promise<Item> {
  const table = createMemoryTable();
  await table.write({ name: 'test.store', writes: [{ put }] });
  return (await table.get({ pk: put.pk, sk: put.sk })) as Item;
}

describe('a schedule', () => {
  const schedule: Schedule = {
    tenant,
    journey: 'J#1',
    node: 'in#1',
    segment: 'vip',
    cron: '0 9 * * *',
    dueAt: 1_767_258_000_000,
    revision: 3,
  };

  it.each([
    [schedule],
    [{ ...schedule, look: { owner: 'p1', leaseUntil: 5 } }],
    [{ ...schedule, look: { after: { pk: 'a', sk: 'p' }, owner: 'p1', leaseUntil: 5 } }],
  ])('is read back as it was (%#)', async (each) => {
    expect(scheduleOf(await stored(scheduleItem(each)))).toEqual(each);
  });
});

describe('a presence', () => {
  it('is empty before anybody has looked', () => {
    expect(presenceOf(undefined)).toEqual({ revision: 0, segments: {} });
  });

  it('is kept once for each reading', async () => {
    const table = createMemoryTable();
    const write = async (one: Write): Promise<boolean> =>
      (await table.write({ name: 'test.store', writes: [one] })).done;
    const key = seenKey(aSegment({ id: 'vip', createdAt: 5 }));
    expect(key).toBe('5 vip');
    const of = { tenant, customer };
    const first = { [key]: { isIn: true, awaits: entries } };
    expect(await write(keepPresence(of, presenceOf(undefined), first))).toBe(true);
    expect(await write(keepPresence(of, presenceOf(undefined), {}))).toBe(false);
    const read = presenceOf(await table.get({ pk: 'T%231#c#c%231', sk: 'g' }));
    expect(read).toEqual({ revision: 1, segments: first });
    expect(await write(keepPresence(of, read, { [key]: { isIn: false } }))).toBe(true);
    expect(await write(keepPresence(of, read, { [key]: { isIn: true } }))).toBe(false);
  });
});

describe('an admission', () => {
  it('is read back as it was, and has an id of its own for each change of the presence', async () => {
    const at = 1_767_258_000_000;
    const of = { tenant, customer };
    const admission = admissionFor(of, { revision: 4, segments: {} }, entries, at);
    expect(admissionOf(tenant, await stored(admissionItem(admission)))).toEqual(admission);
    expect(admissionFor(of, { revision: 4, segments: {} }, entries, at).id).toBe(admission.id);
    expect(admissionFor(of, { revision: 5, segments: {} }, entries, at).id).not.toBe(admission.id);
    expect(
      admissionFor({ tenant: 'T2', customer }, { revision: 4, segments: {} }, entries, at).id,
    ).not.toBe(admission.id);
  });
});
