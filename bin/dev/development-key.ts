/** The key that a developer uses on this machine: created at the first start and shown once, because only its hash is kept. */
import { createApiKey } from '../../lib/api/api-keys.ts';
import type { Runtime } from '../../lib/local/runtime.ts';

export const developmentTenant = 'dev';

const marker = { pk: `${developmentTenant}#development`, sk: 'key' };

/** @returns the key when it was created now */
export async function developmentKey(
  { table, clock }: Pick<Runtime, 'table' | 'clock'>,
  { another }: { readonly another: boolean },
): Promise<string | undefined> {
  if (!another && (await table.get(marker)) !== undefined) return undefined;
  const now = clock.now();
  const key = await createApiKey(table, { tenant: developmentTenant, name: 'development' }, now);
  await table.write({ name: 'key.mark', writes: [{ put: { ...marker, createdAt: now } }] });
  return key;
}
