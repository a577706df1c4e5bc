/**
 * Random journeys that fork, join and end in every way there is: nested and shared joins, empty branches, leaves and private ends
 * inside of branches, branches inside of branches, forks of one label, paths into the middle of a branch.
 */
import fc from 'fast-check';
import { isStructured } from './fork-definition.ts';
import type { DrawnJson } from './graphs.ts';

type Node = DrawnJson['nodes'][number];
type Edge = DrawnJson['edges'][number];

type Kind = 'tag' | 'mail' | 'wait' | 'event' | 'if' | 'goal' | 'exit';

const kinds = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Kind>('tag') },
  { weight: 2, arbitrary: fc.constant<Kind>('mail') },
  { weight: 4, arbitrary: fc.constant<Kind>('wait') },
  { weight: 2, arbitrary: fc.constant<Kind>('event') },
  { weight: 3, arbitrary: fc.constant<Kind>('if') },
  { weight: 1, arbitrary: fc.constant<Kind>('goal') },
  { weight: 1, arbitrary: fc.constant<Kind>('exit') },
);

interface Shape {
  readonly kinds: readonly Kind[];
  /** Where each node hangs, and how its details are chosen. */
  readonly choices: readonly number[];
  readonly extras: readonly { readonly from: number; readonly to: number }[];
}

const shape: fc.Arbitrary<Shape> = fc.record({
  kinds: fc.array(kinds, { minLength: 2, maxLength: 11 }),
  choices: fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60 }),
  extras: fc.array(fc.record({ from: fc.nat(1_000), to: fc.nat(1_000) }), {
    minLength: 2,
    maxLength: 14,
  }),
});

/** Few nodes and many edges between conditions and waits: forks of different branches share their nodes and joins. */
const crossed: fc.Arbitrary<Shape> = fc.record({
  kinds: fc.array(fc.constantFrom<Kind>('tag', 'wait', 'wait', 'event', 'if', 'if'), {
    minLength: 4,
    maxLength: 9,
  }),
  choices: fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60 }),
  extras: fc.array(fc.record({ from: fc.nat(1_000), to: fc.nat(1_000) }), {
    minLength: 6,
    maxLength: 24,
  }),
});

/** Whether or not its forks are structured. */
export function forkedGraph(): fc.Arbitrary<DrawnJson> {
  return shape.map((drawn) => draw(drawn, () => true));
}

/** Edges that would make a fork unstructured are left out. */
export function structuredForkedGraph(): fc.Arbitrary<DrawnJson> {
  return shape.map((drawn) => draw(drawn, isStructured));
}

export function crossedForkedGraph(): fc.Arbitrary<DrawnJson> {
  return crossed.map((drawn) => draw(drawn, isStructured));
}

const durations = ['1d', '2d', '3d', '5d', '400d'];
export const eventTypes = ['red', 'green'] as const;

function draw(
  { kinds: inner, choices, extras }: Shape,
  mayAdd: (graph: DrawnJson) => boolean,
): DrawnJson {
  let chosen = 0;
  const choose = (count: number): number => (choices[chosen++ % choices.length] ?? 0) % count;
  const nodes: Node[] = [
    { id: 'n0', type: 'event_entry', config: { event_type: 'go' } },
    ...inner.map((kind, at) => nodeOf(kind, `n${at + 1}`, choose)),
  ];
  const edges: Edge[] = [];
  const add = (edge: Edge): void => {
    const known = edges.some((one) => JSON.stringify(one) === JSON.stringify(edge));
    if (!known && mayAdd({ nodes, edges: [...edges, edge] })) edges.push(edge);
  };
  // Every node hangs somewhere: behind the entry when nothing else takes it.
  for (const [at, node] of nodes.entries()) {
    if (at === 0) continue;
    const before = nodes.slice(0, at).filter(({ type, config }) => !ends(type, config));
    for (const from of [before[choose(before.length)], ...before.toReversed()]) {
      if (from === undefined || edges.some(({ target }) => target === node.id)) continue;
      add(edgeFrom(from, node.id, choose));
    }
  }
  for (const { from, to } of extras) {
    const source = nodes[from % nodes.length];
    const later = nodes.slice((from % nodes.length) + 1);
    const target = later[to % Math.max(1, later.length)];
    if (source === undefined || target === undefined || ends(source.type, source.config)) continue;
    add(edgeFrom(source, target.id, choose));
  }
  return complete({ nodes, edges });
}

/** Gives each branch that leads nowhere, and each goal that must lead on, an end of its own. */
function complete({ nodes, edges }: DrawnJson): DrawnJson {
  const all = { nodes: [...nodes], edges: [...edges] };
  for (const node of nodes) {
    const mustLead = node.type === 'goal_reached' && !ends(node.type, node.config);
    for (const branch of branchesOf(node) ?? (mustLead ? [undefined] : [])) {
      if (edges.some((edge) => edge.source === node.id && edge.branch === branch)) continue;
      const id = `${node.id}-${branch ?? 'on'}`;
      all.nodes.push({ id, type: 'add_tag', config: { tag: id } });
      all.edges.push({ source: node.id, target: id, ...(branch === undefined ? {} : { branch }) });
    }
  }
  return {
    nodes: all.nodes.filter(
      ({ id }) => id === 'n0' || all.edges.some(({ target }) => target === id),
    ),
    edges: all.edges,
  };
}

function nodeOf(kind: Kind, id: string, choose: (count: number) => number): Node {
  switch (kind) {
    case 'tag':
      return { id, type: 'add_tag', config: { tag: id } };
    case 'mail':
      return { id, type: 'send_email', config: { subject: id, body: id } };
    case 'wait':
      return { id, type: 'wait', config: { duration: durations[choose(durations.length)] } };
    case 'event': {
      const [event_type, timeout] = [eventTypes[choose(2)], durations[choose(4)]];
      return { id, type: 'wait_for_event', config: { event_type, timeout } };
    }
    case 'if':
      return { id, type: 'condition', config: { field: `context.${id}`, value: true } };
    case 'goal':
      return {
        id,
        type: 'goal_reached',
        config: { goal_name: id, exit_after_goal: choose(2) === 0 },
      };
    case 'exit':
      return { id, type: 'exit' };
  }
}

function edgeFrom({ id, type }: Node, target: string, choose: (count: number) => number): Edge {
  const branches = branchesOf({ id, type });
  if (branches === undefined) return { source: id, target };
  return { source: id, target, branch: branches[choose(branches.length)] ?? '' };
}

function branchesOf({ type }: Node): readonly string[] | undefined {
  if (type === 'condition') return ['true', 'false'];
  return type === 'wait_for_event' ? ['event_received', 'timed_out'] : undefined;
}

function ends(type: string, config: Node['config']): boolean {
  return type === 'exit' || (type === 'goal_reached' && config?.exit_after_goal === true);
}
