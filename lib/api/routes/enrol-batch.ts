/** Enrols many customers with one request. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import { batchItemsMax, enrolBatch, type BatchItem } from '../../engine/enrolment/enrol-batch.ts';
import type { ApiVariables } from '../api-keys.ts';
import { errors, idParam, idText, json, jsonObject } from '../route-parts.ts';

const item = z.strictObject({
  customer_id: idText.openapi({ example: 'c_1' }),
  entry: idText.optional().openapi({ description: 'Entry node; else the first.' }),
  context: jsonObject.optional(),
  id: idText.optional().openapi({
    description: 'Give one when you may send the item again: it is enrolled once within a week.',
  }),
});

const postBatch = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/instances/batch',
  summary: `Enrol up to ${batchItemsMax} customers; each is enrolled or refused on its own`,
  request: {
    params: z.object({ journey: idParam('welcome') }),
    body: {
      required: true,
      content: json(z.strictObject({ items: z.array(item).min(1).max(batchItemsMax) })),
    },
  },
  responses: {
    200: {
      description: 'One answer per item, in order.',
      content: json(
        z.object({
          results: z.array(
            z.union([
              z.object({ instance: z.string() }),
              z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
            ]),
          ),
        }),
      ),
    },
    ...errors(404, 422),
  },
});

export function addEnrolBatchRoute(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(postBatch, async (c) => {
    const { journey } = c.req.valid('param');
    const items = c.req.valid('json').items.map(itemOf);
    const outcomes = await enrolBatch(ctx, { tenant: c.get('tenant'), journey, items });
    const results = outcomes.map((outcome) =>
      'refused' in outcome ? { error: outcome.refused } : outcome,
    );
    return c.json({ results }, 200);
  });
}

function itemOf({ customer_id: customer, entry, context, id }: z.infer<typeof item>): BatchItem {
  return {
    customer,
    ...(entry === undefined ? {} : { entry }),
    ...(context === undefined ? {} : { context }),
    ...(id === undefined ? {} : { id }),
  };
}
