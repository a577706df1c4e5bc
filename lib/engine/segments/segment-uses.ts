/**
 * What publishing has to do with segments: each that a graph asks for exists and knows that it is used, so that nobody can delete
 * it; each schedule has its row.
 */
import type { Graph } from '../../journey/graph.ts';
import { nextCronTime } from '../../journey/cron.ts';
import { nearestName } from '../../journey/nearest-name.ts';
import type { Problem } from '../../kalcifer-error.ts';
import type { NodeType } from '../../nodes/node-type.ts';
import type { Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { typedNodes } from '../journeys/typed-nodes.ts';
import { readPartition } from '../read-pages.ts';
import { keys, schedulesOf, schedulesPk } from '../records/keys.ts';
import { scheduleItem, scheduleOf, type Schedule } from '../records/schedule.ts';
import { segmentItem, segmentOf, type Segment } from '../records/segment.ts';
import { listSegments } from './segments.ts';

/** A customer cannot come into a segment that nobody has defined, nor be asked whether he is in it. */
export async function unknownSegments(
  ctx: EngineContext,
  tenant: string,
  graph: Graph,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { node, segment } of usesOf(graph, ctx.nodeTypes)) {
    if ((await ctx.table.get(keys.segment(tenant, segment))) !== undefined) continue;
    const known = (await listSegments(ctx, tenant)).map(({ id }) => id);
    const meant = nearestName(segment, known);
    problems.push({
      code: 'graph.segment_unknown',
      node,
      message: `node "${node}" uses segment "${segment}", which does not exist`,
      hint: meant === undefined ? 'Save the segment first.' : `Did you mean "${meant}"?`,
    });
  }
  return problems;
}

/** Writes that belong into the group that publishes the graph as a version of the journey, or leaves the journey without one. */
export async function segmentWrites(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey: string },
  graph: Graph | undefined,
): Promise<readonly Write[]> {
  const uses = graph === undefined ? [] : usesOf(graph, ctx.nodeTypes);
  return [...(await markUsed(ctx, of, uses)), ...(await scheduleWrites(ctx, of, uses))];
}

interface Use {
  readonly node: string;
  readonly segment: string;
  readonly isEntry: boolean;
  readonly schedule?: string;
}

function usesOf(graph: Graph, nodeTypes: ReadonlyMap<string, NodeType>): readonly Use[] {
  const mayUse = ({ entry, segment }: NodeType): boolean =>
    entry !== undefined || segment !== undefined;
  return typedNodes(graph, nodeTypes, mayUse).flatMap(({ id: node, type, config }): Use[] => {
    const asked = type.segment?.(config);
    if (asked !== undefined) return [{ node, segment: asked, isEntry: false }];
    const trigger = type.entry?.(config);
    if (trigger?.kind !== 'segment') return [];
    const { segment, schedule } = trigger;
    return [{ node, segment, isEntry: true, ...(schedule === undefined ? {} : { schedule }) }];
  });
}

/** The segment's revision moves even when it is marked already: whoever is about to delete it has to look again. */
async function markUsed(
  ctx: EngineContext,
  { tenant, journey }: { readonly tenant: string; readonly journey: string },
  uses: readonly Use[],
): Promise<readonly Write[]> {
  const writes: Write[] = [];
  for (const id of new Set(uses.map(({ segment }) => segment))) {
    const key = keys.segment(tenant, id);
    const item = await ctx.table.get(key);
    if (item === undefined) {
      // It was there when the graph was checked: this group is refused, and the graph is checked again.
      writes.push({ check: key, if: 'present' });
      continue;
    }
    const segment = segmentOf(tenant, item);
    const after: Segment = {
      ...segment,
      usedBy: [...new Set([...segment.usedBy, journey])].toSorted(),
      isFollowed: segment.isFollowed || uses.some((use) => use.segment === id && use.isEntry),
      revision: segment.revision + 1,
    };
    writes.push({ put: segmentItem(after), if: { revision: segment.revision } });
  }
  return writes;
}

/** A schedule that stays as it was goes on where it is. */
async function scheduleWrites(
  ctx: EngineContext,
  { tenant, journey }: { readonly tenant: string; readonly journey: string },
  uses: readonly Use[],
): Promise<readonly Write[]> {
  const now = ctx.clock.now();
  const existing = new Map<string, Schedule>();
  const query = { pk: schedulesPk, prefix: schedulesOf(tenant, journey) };
  for await (const item of readPartition(ctx.table, query)) {
    const schedule = scheduleOf(item);
    existing.set(schedule.node, schedule);
  }
  const writes: Write[] = [];
  for (const { node, segment, schedule: cron } of uses) {
    if (cron === undefined) continue;
    const before = existing.get(node);
    existing.delete(node);
    if (before?.cron === cron && before.segment === segment) continue;
    const after: Schedule = {
      tenant,
      journey,
      node,
      segment,
      cron,
      dueAt: nextCronTime(cron, now),
      revision: (before?.revision ?? 0) + 1,
    };
    writes.push({
      put: scheduleItem(after),
      if: before === undefined ? 'absent' : { revision: before.revision },
    });
  }
  return [
    ...writes,
    ...[...existing.keys()].map((node): Write => ({
      delete: keys.schedule(tenant, journey, node),
    })),
  ];
}
