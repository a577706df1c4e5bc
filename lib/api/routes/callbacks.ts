/**
 * Callbacks of providers: what became of a message. They carry no API key; the body is signed with a secret that the tenant shares
 * with the provider, so a callback can only concern the tenant and the provider whose secret signed it.
 */
import { randomBytes } from 'node:crypto';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { checkIds } from '../../engine/check-input.ts';
import type { EngineContext } from '../../engine/engine-context.ts';
import { reportedStatuses } from '../../engine/records/delivery-report.ts';
import { reportDelivery } from '../../engine/sends/report-delivery.ts';
import { callbackSecret, readSecret } from '../../engine/secrets/secrets.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import { checkSignature, signatureHeader } from '../../webhook-signature.ts';
import type { ApiVariables } from '../api-keys.ts';
import { limitBody, readJsonBody } from '../read-body.ts';
import { errors, json } from '../route-parts.ts';

const params = z.object({
  tenant: z.string(),
  provider: z.string().openapi({ example: 'ses' }),
});

const report = z
  .object({
    message: z.string().openapi({ description: 'The key that the message was handed over with.' }),
    status: z.enum(reportedStatuses),
    detail: z.string().max(500).optional(),
    provider_message_id: z.string().max(500).optional(),
  })
  .openapi('DeliveryReport');

const postCallback = createRoute({
  method: 'post',
  path: '/callbacks/{tenant}/{provider}',
  summary: 'A provider reports what became of a message',
  description: `Signed: the header ${signatureHeader} is \`t=<epoch seconds>,v1=<hex>\`, the HMAC-SHA256 of \`<epoch seconds>.<body>\` with the secret \`callback-<provider>\`. A delivery only moves forward: sent, then delivered, bounced or failed; a report that comes late changes nothing.`,
  security: [],
  request: { params, body: { required: true, content: json(report) } },
  responses: {
    200: {
      description: 'As the delivery stands now; `moved` when this report changed it.',
      content: json(z.object({ status: z.string(), moved: z.boolean() })),
    },
    ...errors(404),
  },
});

export function addCallbackRoute(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.post('/callbacks/:tenant/:provider', limitBody(), verifySignature(ctx), readJsonBody());
  app.openapi(postCallback, async (c) => {
    const { tenant, provider } = c.req.valid('param');
    const { message, status, detail, provider_message_id: id } = c.req.valid('json');
    const answer = await reportDelivery(ctx, {
      tenant,
      provider,
      message,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(id === undefined ? {} : { providerMessageId: id }),
    });
    return c.json(answer, 200);
  });
}

/** One answer whatever is wrong, so that nobody learns which tenants there are. */
function verifySignature(ctx: EngineContext): MiddlewareHandler {
  return async (c, next) => {
    const tenant = c.req.param('tenant') ?? '';
    const provider = c.req.param('provider') ?? '';
    checkIds({ tenant, provider });
    const known = await readSecret(ctx, { tenant, secret: callbackSecret(provider) });
    const secret = known ?? randomBytes(32).toString('hex');
    const header = c.req.header(signatureHeader) ?? '';
    const body = await c.req.text();
    if (checkSignature(secret, body, header, ctx.clock.now()) !== 'right') {
      throw new KalciferError(
        'callback.signature',
        `The header "${signatureHeader}" is missing, wrong, or too old.`,
      );
    }
    await next();
  };
}
