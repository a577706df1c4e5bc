/** The tenant's frequency caps: how many messages any customer may get from all journeys together. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import { readTenantCaps, saveTenantCaps } from '../../engine/sends/tenant-caps.ts';
import { drawCap } from '../../journey/cap-field.ts';
import { capChannels, type FrequencyCap } from '../../journey/graph.ts';
import type { ApiVariables } from '../api-keys.ts';
import { errors, json } from '../route-parts.ts';

export const capSchema = z
  .object({
    channel: z.enum(capChannels).openapi({ description: 'all: the sum over the channels.' }),
    max: z.number().int(),
    window: z.string().openapi({ example: '1d' }),
  })
  .openapi('FrequencyCap');

const caps = z.object({ caps: z.array(capSchema) });

/** Any form of semantics 2.1; the engine reads it and tells what is wrong with it. */
export const drawnCaps = z.unknown().openapi({
  type: 'object',
  description:
    'A list of caps, one per channel ({"email": {"max": 3, "window": "1d"}}), or a flat one ({"max_messages": 3, "time_window": "1d", "channel": "email"}).',
  example: [{ channel: 'email', max: 3, window: '1d' }],
});

const getCaps = createRoute({
  method: 'get',
  path: '/v1/frequency-caps',
  summary: 'The frequency caps of the tenant',
  responses: { 200: { description: 'The caps.', content: json(caps) }, ...errors() },
});

const putCaps = createRoute({
  method: 'put',
  path: '/v1/frequency-caps',
  summary: 'Replace the frequency caps of the tenant; they hold for every send from then on',
  request: { body: { required: true, content: json(z.strictObject({ caps: drawnCaps })) } },
  responses: { 200: { description: 'As they are now.', content: json(caps) }, ...errors(422) },
});

export function addFrequencyCapRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(getCaps, async (c) =>
    c.json(capsBody(await readTenantCaps(ctx, c.get('tenant'))), 200),
  );
  app.openapi(putCaps, async (c) => {
    const request = { tenant: c.get('tenant'), caps: c.req.valid('json').caps };
    return c.json(capsBody(await saveTenantCaps(ctx, request)), 200);
  });
}

function capsBody(stored: readonly FrequencyCap[]): z.infer<typeof caps> {
  return { caps: stored.map(drawCap) };
}
