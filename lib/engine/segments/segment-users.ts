/** Which journeys still need a segment: those whose new entries use it, and those where somebody is on a version that does. */
import type { EngineContext } from '../engine-context.ts';
import { allJourneyInstances } from '../instances/list-instances.ts';
import { activeVersionOf, preparedVersionOf } from '../journeys/load-version.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import { isTerminal } from '../records/instance.ts';
import { journeyOf } from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import type { Segment } from '../records/segment.ts';

/** Ids. A journey that is archived or has moved on needs the segment until the last customer has left those versions. */
export async function journeysThatNeed(
  ctx: EngineContext,
  segment: Segment,
): Promise<readonly string[]> {
  const needing: string[] = [];
  for (const journey of segment.usedBy) {
    if (await needs(ctx, segment, journey)) needing.push(journey);
  }
  return needing;
}

async function needs(ctx: EngineContext, segment: Segment, journey: string): Promise<boolean> {
  const { tenant } = segment;
  const item = await ctx.table.get(keys.journey(tenant, journey));
  if (item === undefined) return false;
  const read = journeyOf(tenant, item);
  const { status, activeVersion } = read;
  if (status !== 'archived' && activeVersion !== undefined) {
    const active = await activeVersionOf(ctx, { ...read, activeVersion });
    if (usesSegment(active, segment.id)) return true;
  }
  for await (const instance of allJourneyInstances(ctx, { tenant, journey })) {
    if (isTerminal(instance)) continue;
    if (usesSegment(await preparedVersionOf(ctx, instance), segment.id)) return true;
  }
  return false;
}

function usesSegment(version: PreparedVersion, segment: string): boolean {
  return [...version.nodes.values()].some(({ type, config }) => {
    const trigger = type.entry?.(config);
    return (
      type.segment?.(config) === segment ||
      (trigger?.kind === 'segment' && trigger.segment === segment)
    );
  });
}
