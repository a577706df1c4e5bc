/**
 * Random journeys for properties: valid ones of 2 to 20 nodes in layers, with every node type, custom branch names and merges,
 * and ones made invalid by one change. Their only segment is `vip`.
 */
import fc from 'fast-check';
import type { DrawnJson } from './graphs.ts';

type Node = DrawnJson['nodes'][number];
type Edge = DrawnJson['edges'][number];

/** A node without an id, and the branches that it can take (`undefined`: it does not branch). */
interface NodeSketch {
  readonly type: string;
  readonly config: Record<string, unknown>;
  readonly branches: readonly (string | undefined)[];
  /** Whether each branch must lead somewhere. */
  readonly mustLead: boolean;
}

/** A valid journey. */
export function validGraph(): fc.Arbitrary<DrawnJson> {
  return fc
    .record({
      entries: fc.array(entrySketch, { minLength: 1, maxLength: 3 }),
      inner: fc.array(innerSketch, { maxLength: 15 }),
      choices: fc.array(fc.nat(), { minLength: 100, maxLength: 100 }),
    })
    .map(({ entries, inner, choices }) => assemble(entries, inner, choices));
}

/** A valid journey with one edge more that leads back, and the two nodes that it joins. */
export function cyclicGraph(): fc.Arbitrary<DrawnJson> {
  return fc
    .record({ graph: validGraph(), start: fc.nat(), steps: fc.nat(10), redirect: fc.boolean() })
    .filter(({ graph }) => graph.edges.length > 0)
    .map(({ graph, start, steps, redirect }) => {
      const first = pick(graph.edges, start);
      const last = walk(graph, first, steps);
      const kept = redirect ? graph.edges.filter((edge) => edge !== last.edge) : graph.edges;
      if (last.edge !== first && redirect) {
        return { ...graph, edges: [...kept, { ...last.edge, target: first.source }] };
      }
      return {
        ...graph,
        edges: [...graph.edges, { source: last.edge.target, target: first.source }],
      };
    });
}

/** A valid journey with nodes beside it that nothing leads to. */
export function graphWithOrphans(): fc.Arbitrary<{
  readonly graph: DrawnJson;
  readonly orphans: readonly string[];
}> {
  return fc
    .record({ graph: validGraph(), pair: fc.boolean(), back: fc.boolean() })
    .map(({ graph, pair, back }) => {
      const orphans = pair ? ['lost_1', 'lost_2'] : ['lost_1'];
      const nodes = orphans.map((id): Node => ({ id, type: 'add_tag', config: { tag: id } }));
      const edges: Edge[] = pair ? [{ source: 'lost_1', target: 'lost_2' }] : [];
      if (back) edges.push({ source: orphans.at(-1) ?? '', target: firstAfterEntry(graph) });
      return {
        graph: { nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] },
        orphans,
      };
    });
}

/** A valid journey without one edge that a branching node needs. */
export function graphWithMissingBranch(): fc.Arbitrary<{
  readonly graph: DrawnJson;
  readonly node: string;
  readonly branch: string;
}> {
  return fc
    .record({ graph: validGraph(), at: fc.nat() })
    .filter(({ graph }) => graph.edges.some(({ branch }) => branch !== undefined))
    .map(({ graph, at }) => {
      const labelled = graph.edges.filter(({ branch }) => branch !== undefined);
      const lost = pick(labelled, at);
      const edges = graph.edges.filter((edge) => edge !== lost);
      return { graph: { ...graph, edges }, node: lost.source, branch: lost.branch ?? '' };
    });
}

/**
 * Places each node behind an open branch of an earlier one, so that all are reachable and none leads back; what must lead
 * somewhere and does not yet, leads to any later node or to a last exit.
 */
function assemble(
  entries: readonly NodeSketch[],
  inner: readonly NodeSketch[],
  choices: readonly number[],
): DrawnJson {
  let chosen = 0;
  const choose = (count: number): number => (choices[chosen++ % choices.length] ?? 0) % count;
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  const open: {
    readonly from: number;
    readonly branch: string | undefined;
    readonly must: boolean;
  }[] = [];
  const place = ({ type, config, branches, mustLead }: NodeSketch): void => {
    const path = config['webhook_path'];
    const own = typeof path === 'string' ? { webhook_path: `${path}/${nodes.length}` } : {};
    const id = `${type}_${nodes.length}`;
    const from = nodes.push({ id, type, config: { ...config, ...own } }) - 1;
    for (const branch of branches) open.push({ from, branch, must: mustLead });
  };
  const connect = (slot: (typeof open)[number], to: number): void => {
    const [source, target] = [nodes[slot.from]?.id ?? '', nodes[to]?.id ?? ''];
    edges.push({ source, target, ...(slot.branch === undefined ? {} : { branch: slot.branch }) });
  };
  for (const entry of entries) place(entry);
  for (const sketch of [...inner, exitSketch]) {
    if (open.length === 0) break;
    const [slot] = open.splice(choose(open.length), 1);
    const to = nodes.length;
    place(sketch);
    if (slot !== undefined) connect(slot, to);
  }
  const urgent = open.find(({ must }) => must);
  if (urgent !== undefined && nodes.at(-1)?.type !== 'exit') {
    open.splice(open.indexOf(urgent), 1);
    place(exitSketch);
    connect(urgent, nodes.length - 1);
  }
  const last = nodes.length - 1;
  for (const slot of open.splice(0)) {
    const first = Math.max(slot.from + 1, entries.length);
    if (first > last || (!slot.must && choose(3) === 0)) continue;
    connect(slot, first + choose(last - first + 1));
  }
  return { nodes, edges };
}

function pick<Value>(values: readonly Value[], at: number): Value {
  const value = values[at % values.length];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

function walk(graph: DrawnJson, first: Edge, steps: number): { readonly edge: Edge } {
  let edge = first;
  for (let step = 0; step < steps; step++) {
    const next = graph.edges.find(({ source }) => source === edge.target);
    if (next === undefined) break;
    edge = next;
  }
  return { edge };
}

function firstAfterEntry(graph: DrawnJson): string {
  const inner = graph.nodes.find(({ type }) => !type.endsWith('_entry'));
  return inner?.id ?? '';
}

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const duration = fc
  .tuple(fc.nat(100), fc.constantFrom('ms', 's', 'm', 'h', 'd'))
  .map(([amount, unit]) => `${amount}${unit}`);
const factPath = fc
  .tuple(fc.constantFrom('customer.properties', 'event', 'context', 'accumulated.n1'), word)
  .map(([root, name]) => `${root}.${name}`);
const scalar = fc.oneof(fc.integer(), word, fc.boolean());
const filter = fc.dictionary(word, scalar, { maxKeys: 3 });

function sketch(
  type: string,
  config: fc.Arbitrary<Record<string, unknown>>,
  branches: readonly (string | undefined)[] = [undefined],
  mustLead = false,
): fc.Arbitrary<NodeSketch> {
  return config.map((drawn) => ({ type, config: drawn, branches, mustLead }));
}

const comparison = fc.oneof(
  fc.record({ field: factPath, value: scalar }),
  fc.record({ field: factPath, op: fc.constantFrom('gt', 'lte'), value: fc.integer() }),
  fc.record({ field: factPath, op: fc.constant('exists') }),
);

const rule: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  comparison,
  fc.record({ all: fc.array(comparison, { minLength: 1, maxLength: 3 }) }),
  fc.record({ any: fc.array(comparison, { minLength: 1, maxLength: 3 }) }),
  fc.record({ not: comparison }),
);

const eventEntrySketch = sketch(
  'event_entry',
  fc.record({ event_type: word, filter }, { requiredKeys: ['event_type'] }),
);

const webhookEntrySketch = sketch(
  'webhook_entry',
  word.map((name) => ({ webhook_path: `/${name}` })),
);

const segmentEntrySketch = sketch(
  'segment_entry',
  fc.record(
    { segment_id: fc.constant('vip'), schedule: fc.constantFrom('0 9 1 1 *', '0 0 29 2 *') },
    { requiredKeys: ['segment_id'] },
  ),
);

const entrySketch = fc.oneof(eventEntrySketch, webhookEntrySketch, segmentEntrySketch);

const waitForEventSketch = fc
  .record({
    config: fc.record({ event_type: word, timeout: duration, filter }),
    names: fc.option(fc.uniqueArray(word, { minLength: 2, maxLength: 2 })),
  })
  .map(({ config, names }): NodeSketch => {
    const [event, timeout] = names ?? ['event_received', 'timed_out'];
    const custom = names === null ? {} : { event_branch: event, timeout_branch: timeout };
    return {
      type: 'wait_for_event',
      config: { ...config, ...custom },
      branches: [event, timeout],
      mustLead: true,
    };
  });

const abSplitSketch = fc
  .uniqueArray(word, { minLength: 2, maxLength: 5 })
  .chain((keys) =>
    fc.tuple(
      ...keys.map((key) =>
        fc.record({ key: fc.constant(key), weight: fc.integer({ min: 1, max: 100 }) }),
      ),
    ),
  )
  .map((variants): NodeSketch => ({
    type: 'ab_split',
    config: { variants },
    branches: variants.map(({ key }) => key),
    mustLead: true,
  }));

const goalSketch = fc
  .record({ goal_name: word, exit_after_goal: fc.boolean() })
  .map((config): NodeSketch => ({
    type: 'goal_reached',
    config,
    branches: config.exit_after_goal ? [] : [undefined],
    mustLead: !config.exit_after_goal,
  }));

const exitSketch: NodeSketch = { type: 'exit', config: {}, branches: [], mustLead: false };

const innerSketch: fc.Arbitrary<NodeSketch> = fc.oneof(
  sketch('send_email', fc.record({ template_id: word })),
  sketch('custom_code', fc.record({ source: fc.constant('return { ok: true }') })),
  sketch('call_webhook', fc.record({ url: fc.constant('https://crm.example.com/leads') })),
  sketch('send_email', fc.record({ subject: word, body: fc.constant('Hi {{ customer.name }}') })),
  sketch('send_sms', fc.record({ template_id: word })),
  sketch('send_push', fc.record({ subject: word, body: word })),
  sketch('send_whatsapp', fc.record({ body: fc.constant('Hi {{ customer.name }}') })),
  sketch(
    'send_in_app',
    fc.record(
      { body: word, placement: word, expiry: fc.constantFrom('1h', '7d') },
      { requiredKeys: ['body'] },
    ),
  ),
  sketch(
    'frequency_cap',
    fc.record(
      {
        channel: fc.constantFrom('email', 'sms', 'all'),
        max_messages: fc.integer({ min: 1, max: 3 }),
        time_window: fc.constantFrom('1h', '1d', '90d'),
      },
      { requiredKeys: ['max_messages', 'time_window'] },
    ),
    ['allowed', 'capped'],
    true,
  ),
  sketch('wait', fc.record({ duration })),
  sketch('wait_until', fc.constant({ datetime: '2026-03-01T09:00:00+01:00' })),
  sketch('wait_until', fc.record({ datetime: factPath, if_past: fc.constant('fail') })),
  waitForEventSketch,
  sketch('condition', rule, ['true', 'false'], true),
  abSplitSketch,
  sketch('update_profile', fc.record({ fields: fc.record({ 'properties.plan': word }) })),
  sketch('add_tag', fc.record({ tag: word })),
  sketch('remove_tag', fc.record({ tag: word })),
  sketch(
    'check_segment',
    fc
      .record(
        {
          segment_id: fc.constant('vip'),
          retry_for: duration,
          on_unavailable: fc.constant('false'),
        },
        { requiredKeys: ['segment_id'] },
      )
      .filter(
        ({ retry_for: retryFor }) =>
          retryFor?.endsWith('d') !== true && retryFor?.endsWith('h') !== true,
      ),
    ['true', 'false'],
    true,
  ),
  sketch(
    'preference_gate',
    fc.record({ channel: fc.constantFrom('email', 'sms', 'push', 'whatsapp', 'in_app') }),
    ['true', 'false'],
    true,
  ),
  sketch(
    'track_conversion',
    fc.record({ event_name: word, revenue: fc.nat() }, { requiredKeys: ['event_name'] }),
  ),
  goalSketch,
  fc.constant(exitSketch),
);
