/** Makes every tenant agree with what is deployed: templates first, because journeys need them, then versions, then API keys. */
import { registerApiKey } from '../../lib/api/api-keys.ts';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { checkVersions, registerVersions } from '../../lib/engine/journeys/register-versions.ts';
import type { TemplateFile } from '../../lib/engine/sends/template-file.ts';
import { readTemplateIfThere, saveTemplate } from '../../lib/engine/sends/templates.ts';
import type { z } from 'zod';
import { readBundledGraph, readBundledTemplates } from './bundled-files.ts';
import type { properties } from './input.ts';

/** What registering needs besides the engine. */
export interface Sources {
  /** Where the bundled files are. */
  readonly folder: string;
  /** The value of an API key, by its id. */
  readonly apiKeyValue: (id: string) => Promise<string>;
}

/** Under this name a tenant has the key that its usage plan knows. */
const deployedKey = 'deployment';

/** May be repeated at any time; what agrees already is not written again. The step that only checks writes nothing at all. */
export async function register(
  ctx: EngineContext,
  { step, tenants, versions, apiKeys }: z.infer<typeof properties>,
  { folder, apiKeyValue }: Sources,
): Promise<void> {
  const drawn = await Promise.all(
    versions.map(async (version) => ({
      ...version,
      graph: await readBundledGraph(folder, version),
    })),
  );
  if (step === 'check') return checkVersions(ctx, { tenants, versions: drawn });
  const templates = await readBundledTemplates(folder);
  for (const tenant of tenants) await saveChanged(ctx, tenant, templates);
  await registerVersions(ctx, { tenants, versions: drawn });
  for (const { tenant, keyId } of apiKeys) {
    const key = await apiKeyValue(keyId);
    await registerApiKey(ctx.table, { tenant, name: deployedKey, key }, ctx.clock.now());
  }
}

/** A template that was changed through the API is as deployed again after the next deployment. */
async function saveChanged(
  ctx: EngineContext,
  tenant: string,
  templates: readonly TemplateFile[],
): Promise<void> {
  for (const template of templates) {
    const stored = await readTemplateIfThere(ctx, { tenant, template: template.id });
    const isSame =
      stored !== undefined &&
      stored.channel === template.channel &&
      stored.subject === template.subject &&
      stored.body === template.body;
    if (!isSame) await saveTemplate(ctx, { tenant, template });
  }
}
