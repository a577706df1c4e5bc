/**
 * The segments that a change of a profile may bring a customer into, with the entries that wait for it. They are kept in memory,
 * so that a tenant without segment entries pays nothing for them.
 */
import type { EngineContext } from '../engine-context.ts';
import { readPartition } from '../read-pages.ts';
import { entryOf, type Entry } from '../records/entry.ts';
import { entriesOfKind, entriesPk, segmentsPk } from '../records/keys.ts';
import type { EntryPlace } from '../records/presence.ts';
import { segmentOf, type Segment } from '../records/segment.ts';

export interface FollowedSegments {
  /** Epoch milliseconds. */
  readonly readAt: number;
  readonly segments: Promise<readonly FollowedSegment[]>;
}

export interface FollowedSegment {
  readonly segment: Segment;
  /** Entries of active journeys that let a customer in as soon as a profile changes. */
  readonly atOnce: readonly EntryPlace[];
  /** Entries of active journeys that look when their schedule says. */
  readonly scheduled: readonly EntryPlace[];
}

/** What another process publishes is known here after this long; what this one publishes, at once. */
const keptMs = 5_000;

const cachedTenantsMax = 1_000;

export function followedSegments(
  ctx: EngineContext,
  tenant: string,
): Promise<readonly FollowedSegment[]> {
  const now = ctx.clock.now();
  const known = ctx.followed.get(tenant);
  if (known !== undefined && now - known.readAt < keptMs) return known.segments;

  const reading: FollowedSegments = { readAt: now, segments: read(ctx, tenant) };
  ctx.followed.delete(tenant);
  if (ctx.followed.size >= cachedTenantsMax) {
    const [oldest] = ctx.followed.keys();
    if (oldest !== undefined) ctx.followed.delete(oldest);
  }
  ctx.followed.set(tenant, reading);
  reading.segments.catch(() => {
    if (ctx.followed.get(tenant) === reading) ctx.followed.delete(tenant);
  });
  return reading.segments;
}

/** To be called after every change of a segment or of the entries of a journey. */
export function forgetFollowedSegments(ctx: EngineContext, tenant: string): void {
  ctx.followed.delete(tenant);
}

async function read(ctx: EngineContext, tenant: string): Promise<readonly FollowedSegment[]> {
  const segments: Segment[] = [];
  for await (const item of readPartition(ctx.table, { pk: segmentsPk(tenant) })) {
    const segment = segmentOf(tenant, item);
    if (segment.isFollowed) segments.push(segment);
  }
  if (segments.length === 0) return [];
  const entries: Entry[] = [];
  const query = { pk: entriesPk(tenant), prefix: entriesOfKind('segment') };
  for await (const item of readPartition(ctx.table, query)) entries.push(entryOf(item));
  return segments.map((segment) => {
    const places = (isScheduled: boolean): readonly EntryPlace[] =>
      entries
        .filter(({ trigger }) => trigger === segment.id)
        .filter(({ schedule }) => (schedule !== undefined) === isScheduled)
        .map(({ journey, node }) => ({ journey, node }));
    return { segment, atOnce: places(false), scheduled: places(true) };
  });
}
