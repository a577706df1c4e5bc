/** The caps of a tenant as callers read and set them. They hold for every send from the moment they are stored. */
import { frequencyCapsField } from '../../journey/cap-field.ts';
import type { FrequencyCap } from '../../journey/graph.ts';
import { schemaProblems } from '../../journey/schema-problems.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { Write } from '../../ports/table.ts';
import { checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import { keys } from '../records/keys.ts';
import { putTenantCaps, tenantCapsOf } from '../records/tenant-caps.ts';

export async function readTenantCaps(
  ctx: EngineContext,
  tenant: string,
): Promise<readonly FrequencyCap[]> {
  return tenantCapsOf(await ctx.table.get(keys.tenantCaps(tenant))).caps;
}

/**
 * Replaces the tenant's caps.
 *
 * @param request.caps in any form that a graph's `frequency_cap` may have, or a list of caps
 * @throws KalciferError `caps.invalid` with every problem; nothing is changed then
 */
export async function saveTenantCaps(
  ctx: EngineContext,
  request: { readonly tenant: string; readonly caps: unknown },
): Promise<readonly FrequencyCap[]> {
  const { tenant } = request;
  checkIds({ tenant });
  const parsed = frequencyCapsField.safeParse(request.caps);
  if (!parsed.success) {
    const problems = schemaProblems(parsed.error, request.caps, 'caps').map(
      ({ path, message }) => ({ code: 'caps.field', path, message }),
    );
    const said = problems.map(({ message }) => message).join('; ');
    throw new KalciferError('caps.invalid', `${said}.`, { problems });
  }
  const caps = parsed.data;
  return lookAgain(async () => {
    const before = tenantCapsOf(await ctx.table.get(keys.tenantCaps(tenant)));
    const windows = caps.map(({ windowMs }) => windowMs);
    const answer = await ctx.table.write({
      name: 'caps.save',
      writes: [putTenantCaps(tenant, before, caps, windows), { put: { ...keys.tenant(tenant) } }],
    });
    return answer.done ? caps : 'conflict';
  });
}

/** What publishing caps with long windows adds: the times of sends are remembered for as long from now on. */
export async function rememberFor(
  ctx: EngineContext,
  tenant: string,
  caps: readonly FrequencyCap[],
): Promise<readonly Write[]> {
  if (caps.length === 0) return [];
  const before = tenantCapsOf(await ctx.table.get(keys.tenantCaps(tenant)));
  const windows = caps.map(({ windowMs }) => windowMs);
  if (Math.max(...windows) <= before.rememberMs) return [];
  return [putTenantCaps(tenant, before, before.caps, windows)];
}
