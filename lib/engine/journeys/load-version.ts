/** Reads published versions, each at most once while it stays in the cache. */
import { KalciferError } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { prepareVersion, type PreparedVersion } from './prepared-version.ts';
import { versionOf } from '../records/journey.ts';
import { keys } from '../records/keys.ts';

const cachedVersionsMax = 500;

/** @throws KalciferError `journey.version_unknown` when it was never stored */
export async function preparedVersionOf(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey: string; readonly version: number },
): Promise<PreparedVersion> {
  const key = keys.version(of.tenant, of.journey, of.version);
  const cacheKey = `${key.pk} ${key.sk}`;
  const cached = ctx.versions.get(cacheKey);
  if (cached !== undefined) return cached;

  const item = await ctx.table.get(key);
  if (item === undefined) {
    throw new KalciferError(
      'journey.version_unknown',
      `Journey "${of.journey}" has no version ${of.version}.`,
    );
  }
  const prepared = prepareVersion(versionOf(of.tenant, of.journey, item), ctx.nodeTypes);
  if (ctx.versions.size >= cachedVersionsMax) {
    const [oldest] = ctx.versions.keys();
    if (oldest !== undefined) ctx.versions.delete(oldest);
  }
  ctx.versions.set(cacheKey, prepared);
  return prepared;
}
