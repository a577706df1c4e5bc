import { expect, it } from 'vitest';
import { simpleEmailJourney } from '../../support/graphs.ts';
import type { OpenHarness } from '../harness.ts';

export function timeoutPath(open: OpenHarness): void {
  it('S2: a timeout of 100 ms takes the timeout branch, and only that', async () => {
    const h = await open();
    await h.publish({
      tenant: 'T1',
      journey: 'J',
      graph: simpleEmailJourney({ timeout: '100ms' }),
    });
    await h.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
    const { instance } = await h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await h.settle();
    await h.advance('1s');

    const nodes = (await h.steps(instance)).map((step) => step.node);
    expect(nodes).toEqual(['entry_1', 'email_1', 'wait_1', 'email_2', 'exit_1']);
    expect((await h.instance(instance)).status).toBe('completed');
    const late = await h.event({ tenant: 'T1', customer: 'c1', type: 'email_opened' });
    expect(late.routed).toBe(0);
  });
}
