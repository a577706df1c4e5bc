import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import { validGraph } from '../support/graphs-arbitrary.ts';
import { drawGraph, type DrawnJson } from '../support/graphs.ts';
import { countScenario } from '../support/scenario-count.ts';

const tenant = 'T1';
const customer = 'c1';

/** What makes the criteria true: an event, the API, a node of another journey, or a node of the journey itself. */
const trigger = fc.constantFrom('event', 'profile', 'other journey', 'own node');

const scenarios = fc.record({
  graph: validGraph(),
  trigger,
  /** Which node is preceded by one that makes the criteria true, for `own node`. */
  before: fc.nat(),
  /** How long the customer has been on the way when it happens. */
  after: fc.array(fc.constantFrom('0s', '10ms', '1s', '1h', '3d', '90d'), { maxLength: 5 }),
  paused: fc.boolean(),
  /** Whether it happens while the journey is moving. */
  meanwhile: fc.boolean(),
  killed: fc.option(
    fc.constantFrom(
      'profile.save:after',
      'step.finish:after',
      'instance.exit:before',
      'instance.exit:after',
      'event.receive:after',
      'send.claim:after',
    ),
  ),
  seed: fc.nat(1_000_000),
});

const criteria = [
  { event_type: 'left', filter: { sure: true } },
  { any: [{ field: 'customer.properties.left', value: 'yes' }] },
];
const leave = { type: 'update_profile', config: { fields: { 'properties.left': 'yes' } } };

/** The graph with a node before one of its own that makes the criteria true. */
function leavingInside(graph: DrawnJson, at: number): DrawnJson {
  const targets = graph.edges.map(({ target }) => target);
  const chosen = targets[at % targets.length];
  if (chosen === undefined) return graph;
  return {
    nodes: [...graph.nodes, { id: 'leave', ...leave }],
    edges: [
      ...graph.edges.map((edge) => (edge.target === chosen ? { ...edge, target: 'leave' } : edge)),
      { source: 'leave', target: chosen },
    ],
  };
}

async function insist(kit: Testkit, call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'instance.already_in_journey') return;
      if (code !== 'testkit.killed') throw error;
      await kit.restart();
    }
  }
}

async function makeTrue(kit: Testkit, how: string): Promise<void> {
  if (how === 'event') {
    const data = { sure: true };
    await insist(kit, () => kit.event({ tenant, customer, type: 'left', data, id: 'leaving' }));
  }
  if (how === 'profile') {
    await insist(kit, () => kit.customer({ tenant, id: customer, properties: { left: 'yes' } }));
  }
  if (how === 'other journey') {
    await insist(kit, () => kit.enroll({ tenant, journey: 'Other', customer }));
    await insist(kit, () => kit.settle());
  }
}

interface Seen {
  readonly steps: readonly string[];
  readonly sends: number;
  readonly status: string;
}

async function look(kit: Testkit, id: string): Promise<Seen> {
  const steps = (await kit.steps(id)).map(({ node }) => node);
  const sends = kit.sends({ instance: id }).length;
  return { steps, sends, status: (await kit.instance(id)).status };
}

const terminal = ['completed', 'failed', 'exited'];
/** The same scenario may find the customer at the end already: then nothing is left to take out. */
let takenOut = 0;

async function play(
  kit: Testkit,
  scenario: typeof scenarios extends fc.Arbitrary<infer S> ? S : never,
): Promise<void> {
  const { trigger: how, after, before, paused, meanwhile, killed } = scenario;
  const graph = how === 'own node' ? leavingInside(scenario.graph, before) : scenario.graph;
  await kit.segment({ tenant, id: 'vip', rule: { field: 'customer.id', value: 'nobody' } });
  await kit.publish({ tenant, journey: 'J', graph: { ...graph, exit_criteria: criteria } });
  await kit.publish({
    tenant,
    journey: 'Other',
    graph: drawGraph(
      { in: ['event_entry', { event_type: 'other' }], leave: [leave.type, leave.config] },
      ['in -> leave'],
    ),
  });
  await kit.customer({ tenant, id: customer, email: 'c1@example.com' });
  const { instance: id } = await kit.enroll({ tenant, journey: 'J', customer });
  for (const duration of after) await kit.advance(duration);
  // What another journey does takes time, in which this one goes on too.
  if (how === 'other journey') await kit.settle();
  if (paused) await kit.pause(id).catch(() => undefined);
  const then = await look(kit, id);
  if (killed !== null) kit.killAt(killed);
  const moving = meanwhile ? kit.settle().catch(() => undefined) : undefined;
  await makeTrue(kit, how);
  await moving;
  await insist(kit, () => kit.settle());

  const now = await look(kit, id);
  if (how !== 'own node') {
    if (terminal.includes(then.status)) expect(now).toEqual(then);
    else if (!meanwhile) expect(now).toEqual({ ...then, status: 'exited' });
  }
  for (let time = 0; time < 3; time++) await insist(kit, () => kit.advance('1825d'));
  await kit.resume(id).catch(() => undefined);
  for (let time = 0; time < 25; time++) await insist(kit, () => kit.advance('1825d'));
  const end = await look(kit, id);
  const { exitReason } = await kit.instance(id);
  if (how === 'own node') {
    // Nothing begins behind the node that made them true.
    const at = end.steps.indexOf('leave');
    if (at >= 0) expect(end.steps.slice(at + 1)).toEqual([]);
    expect(end.status === 'exited').toBe(at >= 0);
  } else {
    expect(end).toEqual(now);
  }
  if (end.status === 'exited') {
    expect(exitReason).toBe('exit_criteria');
    takenOut += 1;
  }
  expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
}

it('for every journey and moment: once exit criteria hold, no step starts and nothing is sent (property 13)', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      countScenario('13 exit criteria at every step', scenario);
      const kit = await createTestkit({ seed: scenario.seed });
      try {
        await play(kit, scenario);
      } finally {
        await kit.close();
      }
    }),
    { numRuns: 200 },
  );
  expect(takenOut).toBeGreaterThan(20);
});
