import { expect, it } from 'vitest';
import { simpleEmailJourney } from '../../support/graphs.ts';
import type { OpenHarness } from '../harness.ts';

export function hundredEvents(open: OpenHarness): void {
  it.each([
    ['a hundred different ids', (n: number) => `event-${n}`],
    ['one id a hundred times', () => 'event-0'],
    ['no ids at all', () => undefined],
  ])('S4: a burst with %s wakes a wait once', async (_name, idOf) => {
    const h = await open();
    await h.publish({ tenant: 'T1', journey: 'J', graph: simpleEmailJourney() });
    await h.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
    const { instance } = await h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await h.settle();

    const answers = await Promise.all([
      h.settle(),
      ...Array.from({ length: 100 }, (_, n) => {
        const id = idOf(n);
        return h.event({
          tenant: 'T1',
          customer: 'c1',
          type: 'email_opened',
          ...(id === undefined ? {} : { id }),
        });
      }),
    ]);
    await h.settle();

    const routed = answers.slice(1).map((answer) => (answer as { routed: number }).routed);
    expect(routed.reduce((sum, one) => sum + one, 0)).toBe(1);
    const goals = (await h.steps(instance)).filter((step) => step.type === 'goal_reached');
    expect(goals).toHaveLength(1);
    expect(await h.conversions({ tenant: 'T1' })).toHaveLength(1);
    expect((await h.instance(instance)).status).toBe('completed');
  });
}
