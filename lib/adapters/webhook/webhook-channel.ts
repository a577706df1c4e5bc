/**
 * The channel `webhook`: hands a message to the web address that it names, signed with the tenant's secret and marked with the
 * message's key, so that a receiver can tell who calls and recognise a repetition (semantics 1).
 */
import type { Channel, OutgoingMessage, OutgoingRequest } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import { signatureHeader, signWebhook } from '../../webhook-signature.ts';
import type { WebCaller } from './web-caller.ts';
import { webhookAnswer } from './webhook-answer.ts';

export interface WebhookChannelOptions {
  readonly call: WebCaller;
  readonly clock: Clock;
  /** The value of a tenant's secret, if it is set. */
  readonly secretOf: (tenant: string, secret: string) => Promise<string | undefined>;
  /** What this tenant's calls are signed with. */
  readonly signingSecretOf: (tenant: string) => Promise<string>;
}

export function webhookChannel(options: WebhookChannelOptions): Channel {
  return {
    idempotent: true,
    send: async (message) => {
      const { request } = message;
      if (request === undefined) return { kind: 'refused', reason: 'it says nothing to call' };
      const drawn = await drawnHeaders(options, message.tenant, request);
      if ('missing' in drawn) {
        return { kind: 'refused', reason: `the secret "${drawn.missing}" is not set` };
      }
      const answer = await options.call({
        url: message.to,
        method: request.method,
        headers: { ...drawn.headers, ...(await ownHeaders(options, message)) },
        privateHeaders: secretHeaders(request),
        body: message.body,
        timeoutMs: request.timeoutMs,
      });
      switch (answer.kind) {
        case 'answered':
          return webhookAnswer(message, answer);
        case 'forbidden':
          return { kind: 'refused', reason: answer.reason };
        case 'failed':
          return { kind: 'transient', reason: answer.reason };
      }
    },
  };
}

type DrawnHeaders =
  { readonly headers: Readonly<Record<string, string>> } | { readonly missing: string };

/** The headers of the node, with the secrets that they name. */
async function drawnHeaders(
  { secretOf }: WebhookChannelOptions,
  tenant: string,
  request: OutgoingRequest,
): Promise<DrawnHeaders> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') {
      headers[name] = value;
      continue;
    }
    const secret = await secretOf(tenant, value.secretRef);
    if (secret === undefined) return { missing: value.secretRef };
    headers[name] = `${value.prefix ?? ''}${secret}`;
  }
  return { headers };
}

async function ownHeaders(
  { clock, signingSecretOf }: WebhookChannelOptions,
  { tenant, key, body }: OutgoingMessage,
): Promise<Readonly<Record<string, string>>> {
  const secret = await signingSecretOf(tenant);
  return {
    'user-agent': 'Kalcifer',
    // Ids may be any text; a header may not.
    'idempotency-key': encodeURI(key),
    [signatureHeader]: signWebhook(secret, body, clock.now()),
  };
}

function secretHeaders({ headers }: OutgoingRequest): ReadonlySet<string> {
  return new Set(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [] : [name])),
  );
}
