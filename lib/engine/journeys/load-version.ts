/**
 * Reads published versions, each at most once while it stays in the cache. The graph of a version is for good from the moment that
 * somebody has come into it; before that, a deployment that is taken back leaves its number to another graph.
 */
import { KalciferError } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { prepareVersion, type PreparedVersion } from './prepared-version.ts';
import { versionOf, type Journey } from '../records/journey.ts';
import { keys } from '../records/keys.ts';

const cachedVersionsMax = 500;

interface VersionRef {
  readonly tenant: string;
  readonly journey: string;
  readonly version: number;
}

/**
 * For those who know of an instance that is or was in it.
 *
 * @throws KalciferError `journey.version_unknown` when it was never stored
 */
export function preparedVersionOf(ctx: EngineContext, of: VersionRef): Promise<PreparedVersion> {
  return cached(ctx, of, '');
}

/**
 * The version that new entries use, as of the journey as it was read: another graph under its number comes with another revision.
 *
 * @throws KalciferError `journey.version_unknown`
 */
export function activeVersionOf(
  ctx: EngineContext,
  journey: Journey & { readonly activeVersion: number },
): Promise<PreparedVersion> {
  const { tenant, id, activeVersion: version, revision } = journey;
  return cached(ctx, { tenant, journey: id, version }, ` ${revision}`);
}

/** As it is now. @throws KalciferError `journey.version_unknown` */
export async function readVersion(
  ctx: Pick<EngineContext, 'table' | 'nodeTypes'>,
  { tenant, journey, version }: VersionRef,
): Promise<PreparedVersion> {
  const item = await ctx.table.get(keys.version(tenant, journey, version));
  if (item !== undefined) return prepareVersion(versionOf(tenant, journey, item), ctx.nodeTypes);
  throw new KalciferError(
    'journey.version_unknown',
    `Journey "${journey}" has no version ${version}.`,
  );
}

async function cached(ctx: EngineContext, of: VersionRef, asOf: string): Promise<PreparedVersion> {
  const { pk, sk } = keys.version(of.tenant, of.journey, of.version);
  const cacheKey = `${pk} ${sk}${asOf}`;
  const known = ctx.versions.get(cacheKey);
  if (known !== undefined) return known;
  const prepared = await readVersion(ctx, of);
  if (ctx.versions.size >= cachedVersionsMax) {
    const [oldest] = ctx.versions.keys();
    if (oldest !== undefined) ctx.versions.delete(oldest);
  }
  ctx.versions.set(cacheKey, prepared);
  return prepared;
}
