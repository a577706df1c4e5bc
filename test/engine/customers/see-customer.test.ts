import { describe, expect, it } from 'vitest';
import { openEntry, seeCustomer } from '../../../lib/engine/customers/see-customer.ts';

const now = { journey: 'J', node: 'in' };
const daily = { journey: 'K', node: 'in' };
const weekly = { journey: 'L', node: 'in' };
const both = { atOnce: [now], scheduled: [daily, weekly] };

describe('seeing a customer', () => {
  it('come in opens the entries without a schedule and remembers the others', () => {
    expect(seeCustomer(both, undefined, false, true)).toEqual({
      seen: { isIn: true, awaits: [daily, weekly] },
      entries: [now],
    });
    expect(seeCustomer({ atOnce: [], scheduled: [] }, { isIn: false }, false, true)).toEqual({
      seen: { isIn: true },
      entries: [],
    });
  });

  it('stay in changes nothing', () => {
    const before = { isIn: true, awaits: [daily] };
    expect(seeCustomer(both, before, true, true)).toEqual({ seen: before, entries: [] });
    expect(seeCustomer(both, before, true, true).seen).toBe(before);
  });

  it('be in who was in before anybody looked opens nothing', () => {
    expect(seeCustomer(both, undefined, true, true)).toEqual({ seen: { isIn: true }, entries: [] });
  });

  it('leave forgets what was awaited', () => {
    const before = { isIn: true, awaits: [daily] };
    expect(seeCustomer(both, before, true, false)).toEqual({ seen: { isIn: false }, entries: [] });
  });

  it('stay out changes nothing', () => {
    const before = { isIn: false };
    expect(seeCustomer(both, before, false, false).seen).toBe(before);
  });
});

describe('an entry that looks', () => {
  it('takes in who awaits it, once', () => {
    const sight = { seen: { isIn: true, awaits: [daily, weekly] }, entries: [] };
    const opened = openEntry(sight, daily);
    expect(opened).toEqual({ seen: { isIn: true, awaits: [weekly] }, entries: [daily] });
    expect(openEntry(opened, daily)).toBe(opened);
    expect(openEntry({ ...opened, entries: [] }, weekly)).toEqual({
      seen: { isIn: true },
      entries: [weekly],
    });
  });

  it('takes in nobody who does not await it', () => {
    const sight = { seen: { isIn: true }, entries: [] };
    expect(openEntry(sight, daily)).toBe(sight);
  });
});
