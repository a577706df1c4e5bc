/** Which triggers open a journey: one entry per entry node of its graph. */
import type { Graph } from '../../journey/graph.ts';
import type { NodeType } from '../../nodes/node-type.ts';
import type { Entry } from '../records/entry.ts';
import { entryNodes } from './typed-nodes.ts';

export function entriesIn(
  journey: string,
  graph: Graph,
  nodeTypes: ReadonlyMap<string, NodeType>,
): readonly Entry[] {
  return entryNodes(graph, nodeTypes).flatMap(({ id: node, type, config }): Entry[] => {
    const trigger = type.entry?.(config);
    switch (trigger?.kind) {
      case undefined:
        return [];
      case 'event': {
        const filter = trigger.filter === undefined ? {} : { filter: trigger.filter };
        return [{ kind: 'event', trigger: trigger.eventType, journey, node, ...filter }];
      }
      case 'webhook':
        // A path belongs to one journey: it has a row of its own.
        return [];
      case 'segment': {
        const schedule = trigger.schedule === undefined ? {} : { schedule: trigger.schedule };
        return [{ kind: 'segment', trigger: trigger.segment, journey, node, ...schedule }];
      }
    }
  });
}
