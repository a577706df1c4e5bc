/**
 * Receives a call of a journey's webhook: whoever signs it with the journey's secret, or holds a key of the tenant, lets a customer
 * in. The tenant comes from the address and is proved by the signature, or comes from the key; never from the body (semantics 3.7).
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import { isKalciferError, KalciferError } from '../../kalcifer-error.ts';
import type { Write } from '../../ports/table.ts';
import { checkSignature, signatureHeader } from '../../webhook-signature.ts';
import { checkEvent, checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { enrol } from '../enrolment/enrol.ts';
import { eventInstanceId } from '../instances/instance-id.ts';
import { keys } from '../records/keys.ts';
import { receivedEventItem, receivedEventOf } from '../records/received-event.ts';
import type { Webhook } from '../records/webhook.ts';
import { newSecretValue, readSecret } from '../secrets/secrets.ts';
import { readWebhook } from './webhook-paths.ts';

/** A call as it arrived. */
export interface WebhookCall {
  readonly tenant: string;
  readonly path: string;
  /** The body's bytes as text: what is signed. */
  readonly body: string;
  readonly signature?: string;
}

export interface WebhookRequest extends Pick<WebhookCall, 'tenant' | 'path' | 'signature'> {
  readonly customer: string;
  readonly data?: JsonObject;
  /** Callers who repeat a delivery must give one; without it, the signature says which delivery it is. */
  readonly delivery?: string;
}

export interface WebhookAnswer {
  readonly instance: string;
  /** True when this delivery was received before: nothing was done this time. */
  readonly repeated: boolean;
}

/**
 * Proves that a call without an API key comes from somebody who knows the webhook's secret. Everything that is wrong is answered
 * alike, so that nobody can try out which tenants and paths there are.
 *
 * @throws KalciferError `webhook.signature`
 */
export async function authorizeWebhook(ctx: EngineContext, call: WebhookCall): Promise<void> {
  checkIds({ tenant: call.tenant });
  const webhook = await readWebhook(ctx, call);
  await checkCaller(ctx, call, webhook?.secretRef);
}

/**
 * The same for a caller who holds a key of the tenant: a webhook without a secret needs no more.
 *
 * @throws KalciferError `webhook.unknown`, and as `authorizeWebhook` does
 */
export async function authorizeKeyHolder(ctx: EngineContext, call: WebhookCall): Promise<void> {
  const webhook = await knownWebhook(ctx, call);
  if (webhook.secretRef !== undefined) await checkCaller(ctx, call, webhook.secretRef);
}

/** Without a secret the same work is done, so that the time it takes tells nothing. */
async function checkCaller(
  ctx: EngineContext,
  { tenant, body, signature }: WebhookCall,
  secretRef: string | undefined,
): Promise<void> {
  const secret =
    secretRef === undefined ? undefined : await readSecret(ctx, { tenant, secret: secretRef });
  const used = secret ?? newSecretValue();
  const checked = checkSignature(used, body, signature ?? '', ctx.clock.now());
  if (secret !== undefined && checked === 'right') return;
  throw new KalciferError(
    'webhook.signature',
    `There is no such webhook, or the header "${signatureHeader}" is missing, wrong, or too old.`,
  );
}

/**
 * @throws KalciferError `input.invalid`, `webhook.unknown`, and as `enrol` does
 */
export async function receiveWebhook(
  ctx: EngineContext,
  request: WebhookRequest,
): Promise<WebhookAnswer> {
  const { tenant, customer, data } = request;
  checkEvent({ tenant, customer, type: 'webhook', data, id: request.delivery });
  const { journey, node } = await knownWebhook(ctx, request);
  const delivery = deliveryOf(ctx, request);
  const before = await receivedBefore(ctx, { tenant, journey, delivery });
  if (before !== undefined) return before;
  const now = ctx.clock.now();
  const event = { id: delivery, type: 'webhook', data: data ?? {} };
  const instance = eventInstanceId(tenant, journey, delivery, now);
  const record: Write = { put: receivedEventItem(tenant, delivery, { at: now }), if: 'absent' };
  try {
    await enrol(ctx, { tenant, journey, customer, entry: node, instance, event }, record);
    return { instance, repeated: false };
  } catch (error) {
    // The same delivery may have come twice at once; then the other one let the customer in.
    const other = await receivedBefore(ctx, { tenant, journey, delivery });
    if (other !== undefined && isKalciferError(error, 'instance.already_in_journey')) return other;
    throw error;
  }
}

async function receivedBefore(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey: string; readonly delivery: string },
): Promise<WebhookAnswer | undefined> {
  const { tenant, journey, delivery } = of;
  const item = await ctx.table.get(keys.event(tenant, delivery));
  if (item === undefined) return undefined;
  const { at } = receivedEventOf(item);
  return { instance: eventInstanceId(tenant, journey, delivery, at), repeated: true };
}

/** Made of the path too, and apart from the ids that others give to events. */
function deliveryOf(ctx: EngineContext, { path, delivery, signature }: WebhookRequest): string {
  const id = delivery ?? signature ?? ctx.ids.next(ctx.clock.now());
  const digest = createHash('sha256')
    .update(JSON.stringify([path, id]))
    .digest('base64url');
  return `webhook-${digest}`;
}

async function knownWebhook(
  ctx: EngineContext,
  of: Pick<WebhookCall, 'tenant' | 'path'>,
): Promise<Webhook> {
  const webhook = await readWebhook(ctx, of);
  if (webhook !== undefined) return webhook;
  throw new KalciferError('webhook.unknown', `No journey answers at "${of.path}".`);
}
