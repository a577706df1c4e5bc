import { expect, it } from 'vitest';
import type { DrawnJson } from '../../support/graphs.ts';
import type { OpenHarness } from '../harness.ts';

const twoEntries = entriesBefore('1d');

function entriesBefore(duration: string): DrawnJson {
  return {
    nodes: [
      { id: 'in_a', type: 'event_entry', config: { event_type: 'signed_up' } },
      { id: 'in_b', type: 'webhook_entry', config: { webhook_path: '/b' } },
      { id: 'tag_a', type: 'add_tag', config: { tag: 'a' } },
      { id: 'tag_b', type: 'add_tag', config: { tag: 'b' } },
      { id: 'wait_1', type: 'wait', config: { duration } },
      { id: 'exit_1', type: 'exit' },
    ],
    edges: [
      { source: 'in_a', target: 'tag_a' },
      { source: 'in_b', target: 'tag_b' },
      { source: 'tag_a', target: 'wait_1' },
      { source: 'tag_b', target: 'wait_1' },
      { source: 'wait_1', target: 'exit_1' },
    ],
  };
}

/** @param wait how long the customer who comes again waits before the end */
export function entryRules(open: OpenHarness, { wait = '1d' } = {}): void {
  it('S5: of fifty enrolments at once exactly one succeeds', async () => {
    const h = await open();
    await h.publish({ tenant: 'T1', journey: 'J', graph: twoEntries });
    const enrolments = await Promise.allSettled(
      Array.from({ length: 50 }, () => h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' })),
    );
    await h.settle();
    const refusals = enrolments.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as { code: string }).code] : [],
    );
    expect(refusals).toEqual(Array.from({ length: 49 }, () => 'instance.already_in_journey'));
    expect(await h.instances({ tenant: 'T1' })).toHaveLength(1);
  });

  it('S5: only the entry that fired runs', async () => {
    const h = await open();
    await h.publish({ tenant: 'T1', journey: 'J', graph: twoEntries });
    const { instance } = await h.enroll({
      tenant: 'T1',
      journey: 'J',
      customer: 'c1',
      entry: 'in_b',
    });
    await h.settle();
    expect((await h.steps(instance)).map((step) => step.node)).toEqual(['in_b', 'tag_b', 'wait_1']);
  });

  it('S5: a paused instance still blocks re-entry', async () => {
    const h = await open();
    await h.publish({ tenant: 'T1', journey: 'J', graph: twoEntries });
    const { instance } = await h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await h.settle();
    await h.pause(instance);
    await expect(h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' })).rejects.toMatchObject({
      code: 'instance.already_in_journey',
    });
    const { enrolled } = await h.event({ tenant: 'T1', customer: 'c1', type: 'signed_up' });
    expect(enrolled).toEqual([]);
    expect(await h.instances({ tenant: 'T1' })).toEqual([instance]);
  });

  it('S5: after the end a new enrolment gets a new id', async () => {
    const h = await open();
    await h.publish({ tenant: 'T1', journey: 'J', graph: entriesBefore(wait) });
    const first = await h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await h.settle();
    await expect(h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' })).rejects.toMatchObject({
      code: 'instance.already_in_journey',
    });
    await h.advance(wait);
    await h.advance('5s');
    expect((await h.instance(first.instance)).status).toBe('completed');
    const second = await h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await h.settle();
    expect(second.instance).not.toBe(first.instance);
    expect(await h.instances({ tenant: 'T1', customer: 'c1' })).toEqual([
      first.instance,
      second.instance,
    ]);
  });

  it.each([undefined, null, '', '   ', '\t\n', 42, {}])(
    'S5: customer id %j is refused and nothing is stored',
    async (customer) => {
      const h = await open();
      await h.publish({ tenant: 'T1', journey: 'J', graph: twoEntries });
      const bad = customer as string;
      await expect(h.enroll({ tenant: 'T1', journey: 'J', customer: bad })).rejects.toMatchObject({
        code: 'input.invalid',
      });
      await expect(
        h.event({ tenant: 'T1', customer: bad, type: 'signed_up' }),
      ).rejects.toMatchObject({ code: 'input.invalid' });
      await h.settle();
      expect(await h.instances({ tenant: 'T1' })).toEqual([]);
    },
  );
}
