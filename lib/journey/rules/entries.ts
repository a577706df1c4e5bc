/**
 * Rules about entry nodes: there is one (G2), nothing leads into it (G10), and customers can be told apart by where they came
 * in (G3 for webhooks; a warning for events).
 */
import type { DrawnGraph, DrawnNode } from '../drawn-graph.ts';
import { nearestName } from '../nearest-name.ts';
import { edgeName } from '../graph.ts';
import type { GraphProblem } from '../graph-problem.ts';
import type { EntryShape } from '../node-shape.ts';

/** G2. Keeps silent while a node of unknown type may be the missing entry. */
export function requireEntry(drawn: DrawnGraph): readonly GraphProblem[] {
  if (possibleEntries(drawn).length > 0) return [];
  const entryTypes = [...drawn.nodeTypes.values()].filter(({ category }) => category === 'entry');
  return [
    {
      code: 'graph.no_entry',
      message: 'the graph has no entry node, so no customer can come in',
      hint: `Begin with one of: ${entryTypes.map(({ type }) => type).join(', ')}.`,
    },
  ];
}

/** Entry nodes, and nodes of unknown type that were probably meant as one. */
export function possibleEntries(drawn: DrawnGraph): readonly DrawnNode[] {
  return drawn.nodes.filter(({ node, type }) => {
    if (type !== undefined) return type.category === 'entry';
    const meant = nearestName(node.type, drawn.nodeTypes.keys());
    const meantType = meant === undefined ? undefined : drawn.nodeTypes.get(meant);
    return meantType?.category === 'entry' || node.type.endsWith('_entry');
  });
}

/** G10. */
export function refuseEdgesIntoEntries(drawn: DrawnGraph): readonly GraphProblem[] {
  return [...drawn.leaving.values()]
    .flat()
    .filter((edge) => drawn.byId.get(edge.target)?.type?.category === 'entry')
    .map((edge) => ({
      code: 'graph.entry_has_incoming',
      node: edge.target,
      edge: edgeName(edge),
      message: `an edge leads from "${edge.source}" into the entry "${edge.target}"`,
      hint: 'Customers come in at an entry only from outside. Lead the edge to the node after it.',
    }));
}

/** Two webhooks of one path cannot both be called. */
export function refuseSharedWebhooks(drawn: DrawnGraph): readonly GraphProblem[] {
  return sharedEntries(drawn, 'webhook').map(([first, second]) => ({
    code: 'graph.duplicate',
    node: second.node.id,
    message: `duplicate webhook path: "${second.node.id}" has the same one as "${first.node.id}"`,
    hint: 'Give each webhook entry its own webhook_path.',
  }));
}

/** A trigger lets a customer in once; the second of two equal entries would never be used. */
export function warnOfSharedTriggers(drawn: DrawnGraph): readonly GraphProblem[] {
  return [
    ...sharedEntries(drawn, 'event').map(([first, second]) => ({
      code: 'graph.same_entry' as const,
      node: second.node.id,
      message: `"${second.node.id}" starts on the same event as "${first.node.id}", which always comes first`,
      hint: 'Tell them apart with a filter, or draw one entry.',
    })),
    ...sharedEntries(drawn, 'segment').map(([first, second]) => ({
      code: 'graph.same_entry' as const,
      node: second.node.id,
      message: `"${second.node.id}" starts on the same segment as "${first.node.id}", which always comes first`,
      hint: 'Give each its own segment, or draw one entry.',
    })),
  ];
}

function sharedEntries(
  drawn: DrawnGraph,
  kind: EntryShape['kind'],
): readonly (readonly [DrawnNode, DrawnNode])[] {
  const entries = [...drawn.byId.values()].filter(({ entry }) => entry?.kind === kind);
  return entries.flatMap((second, at) => {
    const first = entries.slice(0, at).find((other) => sameTrigger(other.entry, second.entry));
    return first === undefined ? [] : [[first, second] as const];
  });
}

function sameTrigger(a: EntryShape | undefined, b: EntryShape | undefined): boolean {
  if (a?.kind === 'webhook') return b?.kind === 'webhook' && a.path === b.path;
  if (a?.kind === 'segment') return b?.kind === 'segment' && a.segment === b.segment;
  return (
    a?.kind === 'event' &&
    b?.kind === 'event' &&
    a.eventType === b.eventType &&
    JSON.stringify(a.filter) === JSON.stringify(b.filter)
  );
}
