import { expect, it } from 'vitest';
import type { OpenHarness } from '../harness.ts';

const nodes = [
  { id: 'entry_1', type: 'event_entry', config: { event_type: 'signed_up' } },
  { id: 'email_1', type: 'send_email', config: { template_id: 't' } },
  { id: 'exit_1', type: 'exit' },
  { id: 'exit_2', type: 'exit' },
];
const edges = [
  { source: 'entry_1', target: 'email_1' },
  { source: 'entry_1', target: 'exit_1' },
  { source: 'email_1', target: 'exit_2' },
];

export function exitInAFork(open: OpenHarness): void {
  it.each([
    ['as drawn', { nodes, edges }],
    ['edges reversed', { nodes, edges: edges.toReversed() }],
    ['nodes reversed', { nodes: nodes.toReversed(), edges }],
    ['both reversed', { nodes: nodes.toReversed(), edges: edges.toReversed() }],
  ])('S6: an exit beside an e-mail wins, %s', async (_order, graph) => {
    const h = await open();
    const { warnings } = await h.publish({ tenant: 'T1', journey: 'J', graph });
    expect(warnings).toMatchObject([{ code: 'graph.dead_siblings', node: 'entry_1' }]);
    expect(warnings[0]?.message).toContain('"email_1" never runs');
    await h.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
    const { instance } = await h.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    await h.settle();
    expect(await h.instance(instance)).toMatchObject({ status: 'completed', positions: [] });
    expect((await h.steps(instance)).map(({ node, status }) => [node, status])).toEqual([
      ['entry_1', 'completed'],
      ['exit_1', 'completed'],
    ]);
    await h.advance('10d');
    expect(await h.sends()).toEqual([]);
  });
}
