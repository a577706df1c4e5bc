/**
 * Random valid journeys that can be walked in real time: waits of seconds, timeouts of a second or of hours, no provider but mail, and
 * nothing that depends on who is faster.
 */
import fc from 'fast-check';
import type { JsonObject } from '../../../lib/json.ts';
import { structuredForkedGraph, eventTypes } from '../../support/forked-graphs-arbitrary.ts';
import { forksOf } from '../../support/fork-definition.ts';
import { validGraph } from '../../support/graphs-arbitrary.ts';
import type { DrawnJson } from '../../support/graphs.ts';
import type { WalkPlan } from './walk.ts';

type Node = DrawnJson['nodes'][number];

/** Of every node type, in one line: with merges, without forks. */
export function plainPlan(): fc.Arbitrary<WalkPlan> {
  return fc
    .record({ graph: validGraph(), chosen: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }) })
    .map(({ graph, chosen }) => {
      const runnable = withNodes(graph, (node, at) => runnableNode(node, chosen[at % 8] ?? 0));
      const entries = runnable.nodes.filter(({ type }) => type.endsWith('_entry'));
      const entry = entries[(chosen[0] ?? 0) % entries.length]?.id;
      const events = runnable.nodes.flatMap(({ type, config }) =>
        type === 'wait_for_event'
          ? [{ type: String(config?.event_type), data: (config?.filter ?? {}) as JsonObject }]
          : [],
      );
      return { graph: runnable, events, ...(entry === undefined ? {} : { entry }) };
    });
}

/** That fork and join in every way; what ends a journey in the middle of a fork is a matter of who is faster, and left out. */
export function forkedPlan(): fc.Arbitrary<WalkPlan> {
  return fc
    .record({
      graph: structuredForkedGraph().filter((graph) => forksOf(graph).length > 0),
      truths: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      chosen: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      events: fc.array(fc.constantFrom(...eventTypes), { minLength: 3, maxLength: 4 }),
    })
    .map(({ graph, truths, chosen, events }) => ({
      graph: withNodes(withoutEnds(graph), (node, at) => runnableNode(node, chosen[at % 8] ?? 0)),
      context: Object.fromEntries(truths.map((truth, at) => [`n${at}`, truth])),
      events: events.map((type) => ({ type })),
    }));
}

/** A drawn journey with its waits in seconds; timeouts of these nodes pass, those of all others do not. */
export function inSeconds(graph: DrawnJson, timesOut: readonly string[] = []): DrawnJson {
  return withNodes(graph, (node) => runnableNode(node, timesOut.includes(node.id) ? 0 : 1));
}

function withNodes(graph: DrawnJson, change: (node: Node, at: number) => Node): DrawnJson {
  return { ...graph, nodes: graph.nodes.map(change) };
}

function runnableNode(node: Node, chosen: number): Node {
  const { id, type, config = {} } = node;
  switch (type) {
    case 'wait':
      return { id, type, config: { duration: ['300ms', '1s'][chosen % 2] } };
    case 'wait_for_event':
      return { id, type, config: { ...config, timeout: ['1s', '2h', '3h'][chosen % 3] } };
    case 'send_sms':
    case 'send_push':
    case 'send_whatsapp':
      return { id, type: 'send_email', config: { subject: id, body: id } };
    case 'call_webhook':
      return { id, type: 'add_tag', config: { tag: id } };
    case 'custom_code':
      return { id, type, config: { ...config, timeout: '5s' } };
    case 'wait_until':
      // An instant that has passed: waits for a later one are measured from a path, see ministack-deviations.e2e.ts.
      return { id, type, config: { datetime: '2026-03-01T09:00:00+01:00' } };
    case 'check_segment':
      return { id, type, config: { segment_id: config.segment_id } };
    default:
      return node;
  }
}

function withoutEnds(graph: DrawnJson): DrawnJson {
  return withNodes(graph, (node) => {
    const ends =
      node.type === 'exit' ||
      (node.type === 'goal_reached' && node.config?.exit_after_goal === true);
    return ends ? { id: node.id, type: 'add_tag', config: { tag: node.id } } : node;
  });
}
