/**
 * Makes a version the one that new entries use, or leaves a journey without one. Everything is written in one group, so a journey is
 * either as it was or wholly on the other version.
 */
import { parseGraph } from '../../journey/parse.ts';
import type { FrequencyCap, Graph } from '../../journey/graph.ts';
import type { JourneySettings } from '../../journey/journey-settings.ts';
import type { Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { webhookWrites } from '../events/webhook-paths.ts';
import type { Conflict } from '../look-again.ts';
import { entryItem, type Entry } from '../records/entry.ts';
import {
  journeyItem,
  machineItem,
  versionItem,
  versionOf,
  type Journey,
  type JourneyVersion,
  type VersionMachine,
} from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { forgetFollowedSegments } from '../segments/followed-segments.ts';
import { segmentWrites } from '../segments/segment-uses.ts';
import { rememberFor } from '../sends/tenant-caps.ts';
import { fitsTable } from './fits-table.ts';
import { entriesIn } from './journey-entries.ts';
import { typedNodes } from './typed-nodes.ts';

export interface Activation {
  /** The journey as it was read; absent for its first version. */
  readonly before?: Journey;
  readonly version: JourneyVersion & { readonly settings: JourneySettings };
  readonly graph: Graph;
  readonly machine: VersionMachine;
}

/** The journey is active afterwards, unless it is paused. @throws KalciferError `journey.too_large` */
export async function activate(
  ctx: EngineContext,
  { before, version: activated, graph, machine }: Activation,
): Promise<'active' | Conflict> {
  const { tenant, journey: id, version, settings } = activated;
  const after: Journey = {
    tenant,
    id,
    status: before === undefined || before.status === 'draft' ? 'active' : before.status,
    activeVersion: version,
    latestVersion: Math.max(version, before?.latestVersion ?? 0),
    revision: (before?.revision ?? 0) + 1,
    createdAt: before?.createdAt ?? ctx.clock.now(),
  };
  const writes: readonly Write[] = [
    {
      put: journeyItem(after),
      if: before === undefined ? 'absent' : { revision: before.revision },
    },
    { put: versionItem(activated) },
    { put: machineItem(machine) },
    ...(await retireActive(ctx, before, version)),
    ...(await entryWrites(ctx, before, after, graph)),
    ...(await webhookWrites(ctx, { tenant, journey: id }, graph)),
    ...(await rememberFor(ctx, tenant, capsOf(graph, settings, ctx.nodeTypes))),
    ...(await segmentWrites(ctx, { tenant, journey: id }, graph)),
    { put: { ...keys.tenant(tenant) } },
  ];
  const answer = await fitsTable(id, () => ctx.table.write({ name: 'journey.publish', writes }));
  if (!answer.done) return 'conflict';
  forgetFollowedSegments(ctx, tenant);
  return 'active';
}

/** The journey takes nobody in until it is given a version again; whoever is in it goes on. It stays active or paused, as it is. */
export async function deactivate(
  ctx: EngineContext,
  before: Journey,
): Promise<'inactive' | Conflict> {
  const { tenant, id, activeVersion: _none, ...rest } = before;
  const after: Journey = { ...rest, tenant, id, revision: before.revision + 1 };
  const entries = await entriesOfActiveVersion(ctx, before);
  const answer = await ctx.table.write({
    name: 'journey.close',
    writes: [
      { put: journeyItem(after), if: { revision: before.revision } },
      ...(await retireActive(ctx, before)),
      ...entries.map((entry): Write => ({ delete: keys.entry(tenant, entry) })),
      ...(await webhookWrites(ctx, { tenant, journey: id }, undefined)),
      ...(await segmentWrites(ctx, { tenant, journey: id }, undefined)),
    ],
  });
  if (!answer.done) return 'conflict';
  forgetFollowedSegments(ctx, tenant);
  return 'inactive';
}

/** The entries of the version that new entries use: those that are open while the journey is active. */
export async function entriesOfActiveVersion(
  ctx: EngineContext,
  before: Journey | undefined,
): Promise<readonly Entry[]> {
  if (before?.activeVersion === undefined) return [];
  const item = await ctx.table.get(keys.version(before.tenant, before.id, before.activeVersion));
  if (item === undefined) return [];
  const parsed = parseGraph(versionOf(before.tenant, before.id, item).graph);
  return 'problems' in parsed ? [] : entriesIn(before.id, parsed.graph, ctx.nodeTypes);
}

/** The version that was active takes no new entries; its instances go on. One that gives way to an older one was rolled back. */
async function retireActive(
  ctx: EngineContext,
  before: Journey | undefined,
  next?: number,
): Promise<readonly Write[]> {
  if (before?.activeVersion === undefined || before.activeVersion === next) return [];
  const { tenant, id, activeVersion } = before;
  const item = await ctx.table.get(keys.version(tenant, id, activeVersion));
  if (item === undefined) return [];
  const status = next !== undefined && next < activeVersion ? 'rolled_back' : 'deprecated';
  return [{ put: versionItem({ ...versionOf(tenant, id, item), status }) }];
}

/** Entry rows exist for the active version of an active journey, and for nothing else. */
async function entryWrites(
  ctx: EngineContext,
  before: Journey | undefined,
  after: Journey,
  graph: Graph,
): Promise<readonly Write[]> {
  const { tenant, id } = after;
  const wanted = after.status === 'active' ? entriesIn(id, graph, ctx.nodeTypes) : [];
  const existing = await entriesOfActiveVersion(ctx, before);
  const isWanted = (entry: Entry): boolean => wanted.some((other) => sameKey(other, entry));
  return [
    ...existing
      .filter((entry) => !isWanted(entry))
      .map((entry): Write => ({ delete: keys.entry(tenant, entry) })),
    ...wanted.map((entry): Write => ({ put: entryItem(tenant, entry) })),
  ];
}

function sameKey(a: Entry, b: Entry): boolean {
  return a.kind === b.kind && a.trigger === b.trigger && a.node === b.node;
}

/** Every cap that messages of this journey may meet. */
function capsOf(
  graph: Graph,
  settings: JourneySettings,
  nodeTypes: EngineContext['nodeTypes'],
): readonly FrequencyCap[] {
  const ofNodes = typedNodes(graph, nodeTypes, (type) => type.cap !== undefined).flatMap(
    ({ type, config }) => type.cap?.(config).cap ?? [],
  );
  return [...graph.frequencyCaps, ...settings.frequencyCaps, ...ofNodes];
}
