/** Journeys and their versions as callers read them, and drafts, which may be invalid until they are published. */
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { WriteGroup } from '../../ports/table.ts';
import { checkDraft, checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import { readPartition } from '../read-pages.ts';
import {
  journeyItem,
  journeyOf,
  versionItem,
  versionOf,
  type Journey,
  type JourneyVersion,
} from '../records/journey.ts';
import { journeyPk, journeysPk, keys, versionPrefix } from '../records/keys.ts';
import { fitsTable } from './fits-table.ts';

interface Of {
  readonly tenant: string;
  readonly journey: string;
}

export async function listJourneys(
  ctx: EngineContext,
  tenant: string,
): Promise<readonly Journey[]> {
  const journeys: Journey[] = [];
  for await (const item of readPartition(ctx.table, { pk: journeysPk(tenant) })) {
    journeys.push(journeyOf(tenant, item));
  }
  return journeys;
}

/** @throws KalciferError `journey.unknown`, also for a journey of another tenant */
export async function readJourney(ctx: EngineContext, of: Of): Promise<Journey> {
  const item = await ctx.table.get(keys.journey(of.tenant, of.journey));
  if (item === undefined) throw journeyUnknown(of.journey);
  return journeyOf(of.tenant, item);
}

/** Oldest first. */
export async function listVersions(ctx: EngineContext, of: Of): Promise<readonly JourneyVersion[]> {
  await readJourney(ctx, of);
  const versions: JourneyVersion[] = [];
  const query = { pk: journeyPk(of.tenant, of.journey), prefix: versionPrefix };
  for await (const item of readPartition(ctx.table, query)) {
    versions.push(versionOf(of.tenant, of.journey, item));
  }
  return versions;
}

/** @throws KalciferError `journey.version_unknown` */
export async function readVersion(
  ctx: EngineContext,
  of: Of & { readonly version: number },
): Promise<JourneyVersion> {
  const item = await ctx.table.get(keys.version(of.tenant, of.journey, of.version));
  if (item === undefined) throw versionUnknown(of.journey, of.version);
  return versionOf(of.tenant, of.journey, item);
}

/**
 * Keeps a graph as the journey's draft, valid or not. A journey has at most one draft, its newest version; saving again replaces
 * it.
 *
 * @throws KalciferError `input.invalid`, `journey.archived`, `journey.too_large`
 */
export async function saveDraft(
  ctx: EngineContext,
  request: Of & { readonly graph: JsonObject },
): Promise<JourneyVersion> {
  const { tenant, journey: id, graph } = request;
  checkIds({ tenant, journey: id });
  checkDraft(graph);
  return lookAgain(async () => {
    const now = ctx.clock.now();
    const item = await ctx.table.get(keys.journey(tenant, id));
    const before = item === undefined ? undefined : journeyOf(tenant, item);
    if (before?.status === 'archived') {
      throw new KalciferError('journey.archived', `Journey "${id}" is archived.`);
    }
    const replaces = before === undefined ? undefined : await draftOf(ctx, before);
    const version = replaces?.version ?? (before?.latestVersion ?? 0) + 1;
    const draft: JourneyVersion = {
      tenant,
      journey: id,
      version,
      status: 'draft',
      graph,
      createdAt: replaces?.createdAt ?? now,
    };
    const after: Journey = {
      tenant,
      id,
      status: before?.status ?? 'draft',
      latestVersion: version,
      ...(before?.activeVersion === undefined ? {} : { activeVersion: before.activeVersion }),
      revision: (before?.revision ?? 0) + 1,
      createdAt: before?.createdAt ?? now,
    };
    const group: WriteGroup = {
      name: 'journey.draft',
      writes: [
        {
          put: journeyItem(after),
          if: before === undefined ? 'absent' : { revision: before.revision },
        },
        { put: versionItem(draft) },
        { put: { ...keys.tenant(tenant) } },
      ],
    };
    const answer = await fitsTable(id, () => ctx.table.write(group));
    return answer.done ? draft : 'conflict';
  });
}

/** The journey's draft is its newest version, as long as that is not published. */
export async function draftOf(
  ctx: EngineContext,
  { tenant, id, latestVersion }: Journey,
): Promise<JourneyVersion | undefined> {
  const item = await ctx.table.get(keys.version(tenant, id, latestVersion));
  const latest = item === undefined ? undefined : versionOf(tenant, id, item);
  return latest?.status === 'draft' ? latest : undefined;
}

function journeyUnknown(journey: string): KalciferError {
  return new KalciferError('journey.unknown', `There is no journey "${journey}".`);
}

function versionUnknown(journey: string, version: number): KalciferError {
  return new KalciferError(
    'journey.version_unknown',
    `Journey "${journey}" has no version ${version}.`,
  );
}
