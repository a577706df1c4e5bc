/** The tenant's caps: limits on the messages that any customer gets from all journeys together. One row per tenant. */
import type { FrequencyCap } from '../../journey/graph.ts';
import type { Json } from '../../json.ts';
import type { Item, Write } from '../../ports/table.ts';
import { keys } from './keys.ts';

export interface TenantCaps {
  readonly caps: readonly FrequencyCap[];
  /** Milliseconds for which the times of sends are remembered: the longest window of any cap of the tenant, ever. */
  readonly rememberMs: number;
  /** Absent when there is no row yet. */
  readonly revision?: number;
}

/**
 * Times of sends are remembered at least this long, caps or not, so that a cap that is new counts what was sent before it.
 */
const rememberedMsMin = 31 * 86_400_000;

export function tenantCapsOf(item: Item | undefined): TenantCaps {
  if (item === undefined) return { caps: [], rememberMs: rememberedMsMin };
  const { caps = [], rememberMs, revision = 0 } = item;
  return {
    caps: caps as unknown as readonly FrequencyCap[],
    rememberMs: rememberMs as number,
    revision,
  };
}

/** On the condition that they are as they were read. The time to remember only grows: journeys published earlier still count. */
export function putTenantCaps(
  tenant: string,
  before: TenantCaps,
  caps: readonly FrequencyCap[],
  windowsMs: readonly number[],
): Write {
  return {
    put: {
      ...keys.tenantCaps(tenant),
      caps: caps as unknown as Json,
      rememberMs: Math.max(before.rememberMs, ...windowsMs),
      revision: (before.revision ?? 0) + 1,
    },
    if: before.revision === undefined ? 'absent' : { revision: before.revision },
  };
}
