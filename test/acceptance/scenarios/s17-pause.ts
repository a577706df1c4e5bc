import { expect, it } from 'vitest';
import { simpleEmailJourney } from '../../support/graphs.ts';
import type { Harness, OpenHarness } from '../harness.ts';

/** One customer of the welcome journey, parked at its event wait. */
async function waitingCustomer(h: Harness, customer = 'c1'): Promise<string> {
  await h.publish({ tenant: 'T1', journey: 'J', graph: simpleEmailJourney() });
  await h.customer({ tenant: 'T1', id: customer, email: `${customer}@example.com` });
  const { instance } = await h.enroll({ tenant: 'T1', journey: 'J', customer });
  await h.settle();
  return instance;
}

const invalidTransition = { code: 'instance.invalid_transition' };

export function pauseAndResume(open: OpenHarness): void {
  it('S17: an event that comes during a pause is held, and wins over the deadline', async () => {
    const h = await open();
    const id = await waitingCustomer(h);
    await h.pause(id);
    const before = await h.instance(id);
    expect(before).toMatchObject({ status: 'paused', positions: ['wait_1'] });
    const event = { tenant: 'T1', customer: 'c1', type: 'email_opened' };
    expect(await h.event(event)).toMatchObject({ routed: 1 });
    expect(await h.event(event)).toMatchObject({ routed: 0 });
    await h.settle();
    const steps = await h.steps(id);
    await h.advance('10d');
    expect(await h.instance(id)).toEqual(before);
    expect(await h.steps(id)).toEqual(steps);

    await h.resume(id);
    await h.settle();
    expect((await h.instance(id)).status).toBe('completed');
    expect((await h.steps(id)).map(({ node, branch }) => [node, branch])).toEqual([
      ['entry_1', undefined],
      ['email_1', undefined],
      ['wait_1', 'event_received'],
      ['goal_1', undefined],
    ]);
    expect(await h.conversions({ tenant: 'T1', journey: 'J' })).toHaveLength(1);
  });

  it('S17: a deadline that passes during a pause takes effect at once on resume', async () => {
    const h = await open();
    const id = await waitingCustomer(h, 'c2');
    await h.pause(id);
    await h.advance('10d');
    expect(await h.instance(id)).toMatchObject({ status: 'paused', positions: ['wait_1'] });
    expect(await h.event({ tenant: 'T1', customer: 'c2', type: 'email_opened' })).toMatchObject({
      routed: 0,
    });
    await h.resume(id);
    await h.settle();
    expect((await h.instance(id)).status).toBe('completed');
    expect((await h.steps(id)).map(({ node }) => node)).toEqual([
      'entry_1',
      'email_1',
      'wait_1',
      'email_2',
      'exit_1',
    ]);
    expect((await h.sends()).map(({ node }) => node)).toEqual(['email_1', 'email_2']);
  });

  it('S17: what a pause refuses changes nothing', async () => {
    const h = await open();
    const id = await waitingCustomer(h);
    await expect(h.resume(id)).rejects.toMatchObject(invalidTransition);
    expect((await h.instance(id)).status).toBe('waiting');
    await h.pause(id);
    const paused = await h.instance(id);
    await expect(h.pause(id)).rejects.toMatchObject(invalidTransition);
    expect(await h.instance(id)).toEqual(paused);

    await h.cancel(id);
    const exited = await h.instance(id);
    expect(exited).toMatchObject({
      status: 'exited',
      exitReason: 'cancelled_by_operator',
      positions: [],
    });
    for (const command of [h.pause, h.resume, h.cancel]) {
      await expect(command(id)).rejects.toMatchObject(invalidTransition);
    }
    await h.settle();
    expect(await h.event({ tenant: 'T1', customer: 'c1', type: 'email_opened' })).toMatchObject({
      routed: 0,
    });
    await h.advance('10d');
    expect(await h.instance(id)).toEqual(exited);
  });
}
