/**
 * Publishes a graph as the next version of a journey and makes it the one that new entries use. Everything is written in one group,
 * so a journey is either as it was or wholly on the new version; a graph that is refused changes nothing.
 */
import type { JsonObject } from '../../json.ts';
import { parseGraph } from '../../journey/parse.ts';
import type { FrequencyCap, Graph } from '../../journey/graph.ts';
import type { DrawnSettings, JourneySettings } from '../../journey/journey-settings.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import type { MachineRef } from '../../ports/executions.ts';
import type { Write } from '../../ports/table.ts';
import { checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { forgetFollowedSegments } from '../segments/followed-segments.ts';
import { lookAgain, type Conflict } from '../look-again.ts';
import { invalidGraph, publishable, type Publishable } from './publish-checks.ts';
import { entryItem, type Entry } from '../records/entry.ts';
import {
  journeyItem,
  journeyOf,
  machineItem,
  versionItem,
  versionOf,
  type Journey,
  type JourneyVersion,
  type VersionMachine,
} from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { entriesIn } from './journey-entries.ts';
import { rememberFor } from '../sends/tenant-caps.ts';
import { draftOf } from './journeys.ts';
import { machineComment } from './read-machine.ts';
import { segmentWrites } from '../segments/segment-uses.ts';
import { webhookWrites } from '../events/webhook-paths.ts';

export interface PublishRequest {
  readonly tenant: string;
  readonly journey: string;
  /** As it was drawn; without it, the journey's draft. */
  readonly graph?: unknown;
  /** Caps, re-entry and entry cap; what is left out has its default. */
  readonly settings?: DrawnSettings;
}

export interface Published {
  readonly version: number;
  readonly warnings: readonly Problem[];
}

/** Turns a valid graph into the text of its state machine. */
export type CompileGraph = (
  graph: Graph,
  comment: string,
) => { readonly definition: JsonObject } | { readonly problems: readonly Problem[] };

/**
 * @throws KalciferError `input.invalid`; `journey.invalid` with every problem of the graph; `journey.archived`;
 *   without a graph `journey.unknown`, `journey.no_draft`
 */
export async function publish(ctx: EngineContext, request: PublishRequest): Promise<Published> {
  const { tenant, journey } = request;
  checkIds({ tenant, journey });
  return lookAgain(async () => {
    const before = await findJourney(ctx, tenant, journey);
    const draft = before === undefined ? undefined : await draftOf(ctx, before);
    const drawn = request.graph === undefined ? draft?.graph : request.graph;
    if (drawn === undefined) {
      throw before === undefined
        ? new KalciferError('journey.unknown', `There is no journey "${journey}".`)
        : new KalciferError('journey.no_draft', `Journey "${journey}" has no draft to publish.`);
    }
    const { graph, settings, warnings } = await publishable(ctx, request, drawn);
    const version = draft?.version ?? (before?.latestVersion ?? 0) + 1;
    const place: Place = { tenant, journey, version, ...(before === undefined ? {} : { before }) };
    const answer = await publishOnce(ctx, place, drawn as JsonObject, { graph, settings });
    return answer === 'conflict' ? 'conflict' : { version, warnings };
  });
}

/** Where a version goes: its number, and the journey as it was read. */
interface Place {
  readonly tenant: string;
  readonly journey: string;
  readonly version: number;
  readonly before?: Journey;
}

async function publishOnce(
  ctx: EngineContext,
  { tenant, journey: id, version, before }: Place,
  drawn: JsonObject,
  { graph, settings }: Pick<Publishable, 'graph' | 'settings'>,
): Promise<'published' | Conflict> {
  const now = ctx.clock.now();
  const definition = compiledOf(ctx, graph, machineComment({ journey: id, version }));

  const after: Journey = {
    tenant,
    id,
    status: before === undefined || before.status === 'draft' ? 'active' : before.status,
    activeVersion: version,
    latestVersion: version,
    revision: (before?.revision ?? 0) + 1,
    createdAt: before?.createdAt ?? now,
  };
  const published: JourneyVersion = {
    tenant,
    journey: id,
    version,
    status: 'published',
    graph: drawn,
    settings,
    createdAt: now,
    publishedAt: now,
  };
  const writes: readonly Write[] = [
    {
      put: journeyItem(after),
      if: before === undefined ? 'absent' : { revision: before.revision },
    },
    { put: versionItem(published) },
    { put: machineItem(await makeMachine(ctx, { tenant, journey: id, version }, definition)) },
    ...(await retirePrevious(ctx, before)),
    ...(await entryWrites(ctx, before, after, graph)),
    ...(await webhookWrites(ctx, { tenant, journey: id }, graph)),
    ...(await rememberFor(ctx, tenant, capsOf(graph, settings, ctx.nodeTypes))),
    ...(await segmentWrites(ctx, { tenant, journey: id }, graph)),
    { put: { ...keys.tenant(tenant) } },
  ];
  const answer = await ctx.table.write({ name: 'journey.publish', writes });
  if (!answer.done) return 'conflict';
  forgetFollowedSegments(ctx, tenant);
  return 'published';
}

/** @throws KalciferError `journey.invalid` when the compiler refuses the graph */
function compiledOf(
  { compile }: Pick<EngineContext, 'compile'>,
  graph: Graph,
  comment: string,
): JsonObject {
  const compiled = compile(graph, comment);
  if ('problems' in compiled) throw invalidGraph(compiled.problems);
  return compiled.definition;
}

/**
 * The machine is made before the version is written: a version that can be read can be started. When the writing is lost to somebody
 * who was quicker, a machine is left over that no row names. It is never started and costs nothing, and the same graph under the same number
 * would take it up again; it goes with the stack.
 */
async function makeMachine(
  { machines }: Pick<EngineContext, 'machines'>,
  machine: MachineRef,
  definition: JsonObject,
): Promise<VersionMachine> {
  return machines === undefined
    ? { ...machine, definition: JSON.stringify(definition) }
    : { ...machine, arn: await machines.create({ machine, definition }) };
}

/** Every cap that messages of this journey may meet. */
function capsOf(
  graph: Graph,
  settings: JourneySettings,
  nodeTypes: EngineContext['nodeTypes'],
): readonly FrequencyCap[] {
  const ofNodes = graph.nodes.flatMap((node) => {
    const type = nodeTypes.get(node.type);
    return type?.cap?.(type.config.parse(node.config ?? {})).cap ?? [];
  });
  return [...graph.frequencyCaps, ...settings.frequencyCaps, ...ofNodes];
}

async function findJourney(
  ctx: EngineContext,
  tenant: string,
  id: string,
): Promise<Journey | undefined> {
  const item = await ctx.table.get(keys.journey(tenant, id));
  const journey = item === undefined ? undefined : journeyOf(tenant, item);
  if (journey?.status === 'archived') {
    throw new KalciferError('journey.archived', `Journey "${id}" is archived.`);
  }
  return journey;
}

/** The version that was active takes no new entries; its instances go on. */
async function retirePrevious(
  ctx: EngineContext,
  before: Journey | undefined,
): Promise<readonly Write[]> {
  if (before?.activeVersion === undefined) return [];
  const { tenant, id, activeVersion } = before;
  const item = await ctx.table.get(keys.version(tenant, id, activeVersion));
  if (item === undefined) return [];
  return [{ put: versionItem({ ...versionOf(tenant, id, item), status: 'deprecated' }) }];
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

function sameKey(a: Entry, b: Entry): boolean {
  return a.kind === b.kind && a.trigger === b.trigger && a.node === b.node;
}
