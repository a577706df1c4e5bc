import { expect, it } from 'vitest';
import type { OpenHarness } from '../harness.ts';

const twoSplits = {
  nodes: [
    { id: 'entry_1', type: 'event_entry', config: { event_type: 'go' } },
    {
      id: 's1',
      type: 'ab_split',
      config: {
        variants: [
          { key: 'a', weight: 70 },
          { key: 'b', weight: 30 },
        ],
      },
    },
    { id: 'ta', type: 'add_tag', config: { tag: 's1a' } },
    { id: 'tb', type: 'add_tag', config: { tag: 's1b' } },
    {
      id: 's2',
      type: 'ab_split',
      config: {
        variants: [
          { key: 'x', weight: 1 },
          { key: 'y', weight: 1 },
        ],
      },
    },
    { id: 'tx', type: 'add_tag', config: { tag: 's2x' } },
    { id: 'ty', type: 'add_tag', config: { tag: 's2y' } },
    { id: 'exit_1', type: 'exit' },
  ],
  edges: [
    { source: 'entry_1', target: 's1' },
    { source: 's1', target: 'ta', branch: 'a' },
    { source: 's1', target: 'tb', branch: 'b' },
    { source: 'ta', target: 's2' },
    { source: 'tb', target: 's2' },
    { source: 's2', target: 'tx', branch: 'x' },
    { source: 's2', target: 'ty', branch: 'y' },
    { source: 'tx', target: 'exit_1' },
    { source: 'ty', target: 'exit_1' },
  ],
};

export function independentSplits(open: OpenHarness, customers: number): void {
  it(`S19: ${customers} customers are split by weight, independently and for good`, async () => {
    const h = await open();
    await h.publish({ tenant: 'T1', journey: 'J', graph: twoSplits });
    const variantsOf = async (instance: string): Promise<string> => {
      const steps = await h.steps(instance);
      return steps.flatMap(({ branch }) => branch ?? []).join('');
    };
    const counts: Record<string, number> = { ax: 0, ay: 0, bx: 0, by: 0 };
    const names = Array.from({ length: customers }, (_, n) => `c${n}`);
    const enrolled = await Promise.all(
      names.map(async (customer) => ({
        customer,
        ...(await h.enroll({ tenant: 'T1', journey: 'J', customer })),
      })),
    );
    await h.settle();
    const first = new Map<string, string>();
    for (const { customer, instance } of enrolled) {
      const variants = await variantsOf(instance);
      first.set(customer, variants);
      counts[variants] = (counts[variants] ?? 0) + 1;
    }
    const { ax = 0, ay = 0, bx = 0, by = 0 } = counts;
    expect(ax + ay + bx + by).toBe(customers);
    expect(Math.abs((ax + ay) / customers - 0.7)).toBeLessThan(0.05);
    expect(Math.abs(ax / (ax + ay) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(bx / (bx + by) - 0.5)).toBeLessThan(0.05);

    await h.publish({ tenant: 'T1', journey: 'J', graph: twoSplits });
    for (const customer of names.slice(0, 50)) {
      const { instance } = await h.enroll({ tenant: 'T1', journey: 'J', customer });
      await h.settle();
      expect((await h.instance(instance)).version).toBe(2);
      expect(await variantsOf(instance)).toBe(first.get(customer));
    }
  });
}
