/** Customers in parallel branches whom the next execution did not find, or let stand at a join for ever. */
import { describe, expect, it } from 'vitest';
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { readInstance } from '../../lib/engine/instances/read-instance.ts';
import { reseat } from '../../lib/engine/instances/reseat.ts';
import { publish } from '../../lib/engine/journeys/publish.ts';
import { engineApart } from '../support/engine-apart.ts';
import { drawGraph } from '../support/graphs.ts';
import { enrolled, entry, openKit } from '../support/kit.ts';

type Nodes = Parameters<typeof drawGraph>[0];

const tag: Nodes[string] = ['add_tag', { tag: 'seen' }];
const long: Nodes[string] = ['wait', { duration: '400d' }];
const isTagged: Nodes[string] = [
  'condition',
  { field: 'customer.tags', op: 'contains', value: 'seen' },
];

async function goesOn(nodes: Nodes, edges: readonly string[], advances: readonly string[]) {
  const kit = await openKit();
  const instance = await enrolled(kit, nodes, edges);
  for (const by of advances) await kit.advance(by);
  const { status, epoch } = await kit.instance(instance);
  const steps = await kit.steps(instance);
  expect(epoch).toBeGreaterThan(1);
  return { status, ran: steps.map(({ node }) => node).toSorted() };
}

describe('after 300 days, the next execution', () => {
  it('finds who is in a fork while its outer join is held, which is also the join of the other branch of the same condition', async () => {
    const nodes = { in: entry, if: isTagged, a: long, b: tag, t: tag, j: tag };
    const edges = ['in -> if', 'in -> j', 'a -> j', 'b -> j'];
    const forks = ['if -> a [false]', 'if -> t [false]', 'if -> t [true]', 'if -> b [true]'];
    const after = await goesOn(nodes, [...edges, ...forks, 'if -> j [true]'], ['401d']);
    expect(after).toEqual({ status: 'completed', ran: ['a', 'if', 'in', 'j', 't'] });
  });

  it('keeps a join that stands aside open when a later join of an outer fork is held', async () => {
    const wait: Nodes[string] = ['wait', { duration: '3d' }];
    const after = await goesOn(
      { in: entry, m: wait, x: long, y: tag, stray: wait, p: wait, z: tag },
      [
        ...['in -> m', 'in -> z', 'm -> x', 'm -> y', 'x -> y', 'x -> stray'],
        ...['y -> p', 'y -> z', 'p -> z'],
      ],
      ['3d', '401d', '5d'],
    );
    expect(after).toEqual({
      status: 'completed',
      ran: ['in', 'm', 'p', 'stray', 'x', 'y', 'z'],
    });
  });

  it('does not wait at a join behind the one that is held', async () => {
    const after = await goesOn(
      { in: entry, a: long, c: long, j: tag, k: tag, l: ['wait', { duration: '1d' }], n: tag },
      ['in -> a', 'in -> c', 'in -> j', 'a -> j', 'j -> k', 'j -> l', 'j -> n', 'k -> n'],
      ['401d', '2d'],
    );
    expect(after).toEqual({ status: 'completed', ran: ['a', 'c', 'in', 'j', 'k', 'l', 'n'] });
  });
});

describe('an execution that ends between two steps', () => {
  it('is followed by one that runs the join, too, when a branch that leads elsewhere is still to be walked', async () => {
    const engine = engineApart({ startMs: { run_node: 1_000 } });
    const graph = drawGraph({ in: entry, if: isTagged, t: tag, j: tag }, [
      'in -> if',
      'in -> j',
      'if -> j [true]',
      'if -> t [false]',
    ]);
    await publish(engine.ctx, { tenant: 'T1', journey: 'J', graph });
    const at = { tenant: 'T1', journey: 'J', customer: 'c1' };
    const { instance } = await enrol(engine.ctx, at);
    const read = () => readInstance(engine.ctx, { tenant: 'T1', instance });
    await engine.advance(2_500);
    const before = await read();
    expect(before.tokens.map(({ node }) => node).toSorted()).toEqual(['j', 't']);
    await reseat(engine.ctx, before);
    await engine.advance(60_000);
    expect(await read()).toMatchObject({ status: 'completed', epoch: 2 });
  });
});
