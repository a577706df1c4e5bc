/** Brings the sample journeys and their templates into a tenant, and again only what has changed. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EngineContext } from '../lib/engine/engine-context.ts';
import { readJourney, readVersion } from '../lib/engine/journeys/journeys.ts';
import { publish } from '../lib/engine/journeys/publish.ts';
import { saveTemplate } from '../lib/engine/sends/templates.ts';
import type { JsonObject } from '../lib/json.ts';
import { isKalciferError } from '../lib/kalcifer-error.ts';
import { readTemplateFiles } from '../lib/local/template-files.ts';
import { journeyFiles } from './commands/statemachines.ts';
import { packageFolder } from '../lib/release.ts';

export interface SampleJourney {
  readonly journey: string;
  readonly graph: JsonObject;
}

/** The newest version of each journey under `statemachines/`. */
export async function sampleJourneys(): Promise<readonly SampleJourney[]> {
  const newest = new Map<string, string>();
  for (const file of await journeyFiles(join(packageFolder, 'statemachines'))) {
    const journey = basename(dirname(file));
    const before = newest.get(journey);
    if (before === undefined || versionOf(file) > versionOf(before)) newest.set(journey, file);
  }
  return Promise.all(
    [...newest].map(async ([journey, file]) => ({
      journey,
      graph: JSON.parse(await readFile(file, 'utf8')) as JsonObject,
    })),
  );
}

export async function saveSampleTemplates(ctx: EngineContext, tenant: string): Promise<number> {
  const templates = await readTemplateFiles(join(packageFolder, 'templates'));
  for (const template of templates) await saveTemplate(ctx, { tenant, template });
  return templates.length;
}

/** @returns the version that is active afterwards, and whether it is new */
export async function publishWhenChanged(
  ctx: EngineContext,
  request: { readonly tenant: string; readonly journey: string; readonly graph: JsonObject },
): Promise<{ readonly version: number; readonly isNew: boolean }> {
  const active = await activeGraph(ctx, request);
  if (active !== undefined && JSON.stringify(active.graph) === JSON.stringify(request.graph)) {
    return { version: active.version, isNew: false };
  }
  const { version } = await publish(ctx, request);
  return { version, isNew: true };
}

async function activeGraph(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey: string },
): Promise<{ readonly version: number; readonly graph: JsonObject } | undefined> {
  try {
    const { activeVersion } = await readJourney(ctx, of);
    if (activeVersion === undefined) return undefined;
    const { graph } = await readVersion(ctx, { ...of, version: activeVersion });
    return { version: activeVersion, graph };
  } catch (error) {
    if (isKalciferError(error, 'journey.unknown')) return undefined;
    throw error;
  }
}

function versionOf(file: string): number {
  return Number(/v(\d+)\.journey\.json$/.exec(file)?.[1] ?? 0);
}
