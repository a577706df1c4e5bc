import { expect, it } from 'vitest';
import { simpleEmailJourney } from '../../support/graphs.ts';
import type { OpenHarness } from '../harness.ts';

export function fullPath(open: OpenHarness): void {
  it('S1: a sign-up is greeted, waits, and reaches the goal in four steps', async () => {
    const h = await open();
    await h.publish({ tenant: 'T1', journey: 'J', graph: simpleEmailJourney() });
    await h.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });

    await h.event({ tenant: 'T1', customer: 'c1', type: 'signed_up' });
    await h.settle();
    const ids = await h.instances({ tenant: 'T1', journey: 'J' });
    expect(ids).toHaveLength(1);
    const [id = ''] = ids;
    const waiting = await h.instance(id);
    expect(waiting.status).toBe('waiting');
    expect(waiting.positions).toEqual(['wait_1']);
    expect(await h.sends()).toMatchObject([
      {
        channel: 'email',
        to: 'c1@example.com',
        template: 'welcome',
        customer: 'c1',
        node: 'email_1',
      },
    ]);

    const { routed } = await h.event({ tenant: 'T1', customer: 'c1', type: 'email_opened' });
    expect(routed).toBe(1);
    await h.settle();
    const completed = await h.instance(id);
    expect(completed.status).toBe('completed');
    expect(completed.completedAt).toBeDefined();
    const steps = await h.steps(id);
    expect(steps.map((step) => step.type)).toEqual([
      'event_entry',
      'send_email',
      'wait_for_event',
      'goal_reached',
    ]);
    expect(new Set(steps.map((step) => step.status))).toEqual(new Set(['completed']));
    expect(await h.conversions({ tenant: 'T1', journey: 'J' })).toMatchObject([
      { name: 'activated', customer: 'c1', instance: id },
    ]);

    await h.advance('10d');
    expect(await h.steps(id)).toEqual(steps);
    expect(await h.sends()).toHaveLength(1);
  });
}
