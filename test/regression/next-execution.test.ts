/** Customers in parallel branches whom the next execution did not find, or let stand at a join for ever. */
import { describe, expect, it } from 'vitest';
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { receiveEvent } from '../../lib/engine/events/receive-event.ts';
import { pause } from '../../lib/engine/instances/pause.ts';
import { readInstance } from '../../lib/engine/instances/read-instance.ts';
import { readTimeline } from '../../lib/engine/instances/read-steps.ts';
import { reseat } from '../../lib/engine/instances/reseat.ts';
import { resume } from '../../lib/engine/instances/resume.ts';
import { publish } from '../../lib/engine/journeys/publish.ts';
import { sweep } from '../../lib/engine/sweep.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
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

  it('keeps a join held that the other branch of the same condition has in common', async () => {
    const forks = ['if -> a [true]', 'if -> j [true]', 'if -> b [false]', 'if -> l [false]'];
    const after = await goesOn(
      { in: entry, if: isTagged, a: tag, b: tag, l: long, j: tag },
      ['in -> if', ...forks, 'a -> j', 'b -> j', 'l -> j'],
      ['350d', '60d'],
    );
    expect(after).toEqual({ status: 'completed', ran: ['b', 'if', 'in', 'j', 'l'] });
  });

  it('finds who is held at a join that in the other branch comes after the one who is waited for', async () => {
    const event = (timeout: string): Nodes[string] => [
      'wait_for_event',
      { event_type: 'opened', timeout },
    ];
    const forks = ['w -> l [event_received]', 'w -> t [event_received]'];
    const after = await goesOn(
      { in: entry, w: event('1d'), l: event('400d'), j: tag, t: tag },
      [
        ...['in -> w', ...forks, 'w -> l [timed_out]', 'w -> j [timed_out]'],
        ...['l -> j [event_received]', 'l -> t [timed_out]'],
      ],
      ['1d', '405d'],
    );
    expect(after).toEqual({ status: 'completed', ran: ['in', 'j', 'l', 't', 'w'] });
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

/** The execution ends two seconds and a half after the start, while functions take a second each. */
async function endsBetweenSteps(nodes: Nodes, edges: readonly string[]) {
  const engine = engineApart({ startMs: { run_node: 1_000 } });
  await publish(engine.ctx, { tenant: 'T1', journey: 'J', graph: drawGraph(nodes, edges) });
  const at = { tenant: 'T1', journey: 'J', customer: 'c1' };
  const { instance } = await enrol(engine.ctx, at);
  const read = () => readInstance(engine.ctx, { tenant: 'T1', instance });
  await engine.advance(2_500);
  const before = await read();
  await reseat(engine.ctx, before);
  await engine.advance(60_000);
  return { places: before.tokens.map(({ node }) => node), after: await read() };
}

describe('an execution that ends between two steps', () => {
  it('is followed by one that runs the join, too, when a branch that leads elsewhere is still to be walked', async () => {
    const { places, after } = await endsBetweenSteps({ in: entry, if: isTagged, t: tag, j: tag }, [
      'in -> if',
      'in -> j',
      'if -> j [true]',
      'if -> t [false]',
    ]);
    expect(places.toSorted()).toEqual(['j', 't']);
    expect(after).toMatchObject({ status: 'completed', epoch: 2 });
  });

  it('is followed by one that runs both branches, although one is the join of the other branch', async () => {
    const forks = ['if -> a [true]', 'if -> b [true]', 'if -> j [true]'];
    const { places, after } = await endsBetweenSteps(
      { in: entry, if: isTagged, a: tag, b: tag, j: tag },
      ['in -> if', ...forks, 'a -> j', 'if -> b [false]', 'if -> j [false]'],
    );
    expect(places).toEqual(['b', 'j']);
    expect(after).toMatchObject({ status: 'completed', epoch: 2 });
  });
});

describe('an execution that could not be started', () => {
  it.each(['live', 'paused'])(
    'starts later, although an event has ended the wait of the %s instance that it was to take up',
    async (state) => {
      const engine = engineApart();
      const graph = drawGraph(
        {
          in: entry,
          opening: ['wait_for_event', { event_type: 'opened', timeout: '400d' }],
          t: tag,
        },
        ['in -> opening', 'opening -> t [event_received]', 'opening -> t [timed_out]'],
      );
      const [tenant, customer] = ['T1', 'c1'];
      await publish(engine.ctx, { tenant, journey: 'J', graph });
      const { instance } = await enrol(engine.ctx, { tenant, journey: 'J', customer });
      const at = { tenant, instance };
      await engine.advance(1_000);
      const start = () => Promise.reject(new KalciferError('executions.unavailable', 'Not now.'));
      const away = { ...engine.ctx, executions: { ...engine.ctx.executions, start } };
      await reseat(away, await readInstance(engine.ctx, at));

      if (state === 'paused') await pause(away, at);
      const opened = await receiveEvent(away, { tenant, customer, type: 'opened' });
      expect(opened.routed).toBe(1);
      if (state === 'paused') await resume(away, at);
      await engine.advance(60_000);
      expect(await readInstance(engine.ctx, at)).toMatchObject({ status: 'running', epoch: 2 });
      await sweep(engine.ctx);
      await engine.advance(1_000);

      const ended = await readInstance(engine.ctx, at);
      expect(ended).toMatchObject({ status: 'completed', epoch: 2 });
      const steps = await readTimeline(engine.ctx, ended);
      expect(steps.map(({ node, branch }) => [node, branch])).toEqual([
        ['in', undefined],
        ['opening', 'event_received'],
        ['t', undefined],
      ]);
    },
  );
});
