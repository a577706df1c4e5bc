/**
 * Webhooks come in: `/hooks/<tenant>/<path>` for callers who sign, `/v1/webhooks/<path>` for callers with an API key. The path is
 * the one that the journey was drawn with.
 */
import { z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { EngineContext } from '../../engine/engine-context.ts';
import {
  authorizeKeyHolder,
  authorizeWebhook,
  receiveWebhook,
  type WebhookCall,
} from '../../engine/events/receive-webhook.ts';
import { signatureHeader } from '../../webhook-signature.ts';
import type { ApiVariables } from '../api-keys.ts';
import { readInput } from '../read-input.ts';
import { limitBody, readJsonBody } from '../read-body.ts';
import { errors, idText, json, jsonObject } from '../route-parts.ts';

const call = z
  .object({
    customer_id: idText.openapi({ example: 'c_1' }),
    data: jsonObject.optional().openapi({
      description: 'What the journey reads as `event.*`.',
      example: { plan: 'pro' },
    }),
  })
  .openapi('WebhookCall');

const entered = z
  .object({
    instance: z.string(),
    repeated: z.boolean().openapi({ description: 'True when this delivery was here before.' }),
  })
  .openapi('WebhookAnswer');

type App = OpenAPIHono<{ Variables: ApiVariables }>;

/** For callers without a key: nothing of the body is looked at before the signature is right. Has to be added before the middleware that asks for one. */
export function addSignedWebhookRoute(app: App, ctx: EngineContext): void {
  describeRoute(app, '/hooks/{tenant}/{path}', {
    summary: 'Let a customer in by a signed call',
    params: z.object({ tenant: z.string(), path }),
    security: [],
  });
  app.post('/hooks/:tenant/:path{.+}', limitBody(), signed(ctx), readJsonBody(), async (c) =>
    answer(c, ctx, await callOf(c, c.req.param('tenant'))),
  );
}

function signed(ctx: EngineContext): MiddlewareHandler {
  return async (c, next) => {
    await authorizeWebhook(ctx, await callOf(c, c.req.param('tenant') ?? ''));
    await next();
  };
}

export function addKeyedWebhookRoute(app: App, ctx: EngineContext): void {
  describeRoute(app, '/v1/webhooks/{path}', {
    summary: 'Let a customer in by the path of a webhook; signed when it has a secret',
    params: z.object({ path }),
  });
  app.post('/v1/webhooks/:path{.+}', async (c) => {
    const given = await callOf(c, c.get('tenant'));
    await authorizeKeyHolder(ctx, given);
    return answer(c, ctx, given);
  });
}

const path = z.string().openapi({
  description: 'As drawn, without the first slash; it may have several parts.',
  example: 'crm/new-lead',
});

const headers = z.object({
  'kalcifer-signature': z.string().optional().openapi({
    description:
      't=<epoch seconds>,v1=<hex>: HMAC-SHA256 of "<epoch seconds>.<body>" with the secret of the webhook.',
  }),
  'idempotency-key': z.string().optional().openapi({
    description: 'Give one when you may send the call again: it is received once.',
  }),
});

function describeRoute(
  app: App,
  at: string,
  about: {
    readonly summary: string;
    readonly params: z.ZodObject;
    readonly security?: Record<string, string[]>[];
  },
): void {
  const { params, ...rest } = about;
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: at,
    ...rest,
    request: { params, headers, body: { required: true, content: json(call) } },
    responses: {
      202: { description: 'The customer is in.', content: json(entered) },
      ...errors(404, 409, 422),
    },
  });
}

async function callOf(c: Context, tenant: string): Promise<WebhookCall & { delivery?: string }> {
  const signature = c.req.header(signatureHeader);
  const delivery = c.req.header('idempotency-key');
  return {
    tenant,
    path: `/${c.req.param('path') ?? ''}`,
    body: await c.req.text(),
    ...(signature === undefined ? {} : { signature }),
    ...(delivery === undefined ? {} : { delivery }),
  };
}

async function answer(
  c: Context,
  ctx: EngineContext,
  { body, ...given }: WebhookCall & { delivery?: string },
): Promise<Response> {
  const { customer_id: customer, data } = readInput(call, body);
  const entry = await receiveWebhook(ctx, {
    ...given,
    customer,
    ...(data === undefined ? {} : { data }),
  });
  return c.json(entry, 202);
}
