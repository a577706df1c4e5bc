/**
 * `call_webhook`: tells another system that a customer got here, and keeps what it answers. The request is signed, carries an
 * `Idempotency-Key`, and is repeated until it is taken or the retries of the machine are used up (semantics 1, 7.12.13).
 */
import { z } from 'zod';
import { isPlainJson } from '../journey/plain-json.ts';
import { durationMsField, jsonObjectField, shapedField } from '../journey/schema-field.ts';
import type { Json, JsonObject } from '../json.ts';
import { webTargetProblem } from '../public-address.ts';
import { deliveryOutcome } from './messages/delivery-outcome.ts';
import { renderJson, textsIn } from './templates/rendered-json.ts';
import { needsOf } from './needs-of.ts';
import {
  nodeType,
  type Delivery,
  type Outcome,
  type RunContext,
  type WebResponse,
} from './node-type.ts';
import { renderText, templateProblems, templateRoots } from './templates/template.ts';
import { templateField } from './templates/template-field.ts';
import { unexpectedTrigger } from './unexpected-trigger.ts';
import { webhookHeaders } from './messages/webhook-headers.ts';

const bodyCharactersMax = 200_000;
const defaultTimeoutMs = 10_000;
/** Shorter than the engine holds the claim of a call. */
const timeoutMsMax = 30_000;

const url = z
  .string()
  .max(2_000)
  .superRefine((text, context) => {
    const message = text.includes('{{')
      ? 'is called as it is written: put what differs between customers into the body'
      : webTargetProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const bodyObject = jsonObjectField.superRefine((body, context) => {
  for (const message of textsIn(body).flatMap(templateProblems)) {
    context.addIssue({ code: 'custom', message });
  }
});

const status = z.int().min(200).max(599);

const config = z.strictObject({
  url,
  method: z.enum(['POST', 'PUT']).default('POST'),
  headers: webhookHeaders.exactOptional(),
  body: shapedField<string | JsonObject>((input) =>
    typeof input === 'string' ? templateField(bodyCharactersMax) : bodyObject,
  ).exactOptional(),
  timeout: durationMsField
    .refine((ms) => ms > 0 && ms <= timeoutMsMax, {
      message: 'must be more than 0 and at most 30s',
    })
    .default(defaultTimeoutMs),
  expect: shapedField<readonly number[]>((input) =>
    Array.isArray(input) ? z.array(status).min(1).max(20) : status.transform((one) => [one]),
  ).exactOptional(),
  on_failure: z.enum(['continue', 'fail']).default('continue'),
});

type Config = z.infer<typeof config>;

/** `{ "url": "https://crm.example.com/leads", "headers": { "authorization": { "secret_ref": "crm", "prefix": "Bearer " } } }` */
export const callWebhook = nodeType<Config>({
  type: 'call_webhook',
  category: 'channel',
  set: 'core',
  summary: 'Calls another system and keeps its answer.',
  config,
  secrets: ({ headers = {} }) =>
    Object.values(headers).flatMap((value) => (typeof value === 'string' ? [] : [value.secretRef])),
  sends: () => ({ channel: 'webhook' }),
  needs: ({ body }) => needsOf(new Set(textsIn(body).flatMap((text) => [...templateRoots(text)]))),
  run: (drawn, ctx) => compose(drawn, ctx),
  resume: (drawn, _ctx, trigger) =>
    trigger.kind === 'delivery'
      ? outcomeOf(trigger.delivery, drawn)
      : unexpectedTrigger('call_webhook', trigger),
});

function compose(drawn: Config, ctx: RunContext): Outcome {
  const rendered = renderBody(drawn.body, ctx);
  if ('problem' in rendered) {
    const detail = `the body ${rendered.problem}`;
    return { kind: 'failed', code: 'template.failed', detail, retryable: false };
  }
  const { text, missing } = rendered;
  return {
    kind: 'send',
    message: {
      channel: 'webhook',
      to: drawn.url,
      body: text,
      request: {
        method: drawn.method,
        headers: { 'content-type': 'application/json', ...drawn.headers },
        timeoutMs: drawn.timeout,
        ...(drawn.expect === undefined ? {} : { expect: drawn.expect }),
      },
    },
    notes: missing.map((path) => `${path} is not set, so its place is empty`),
  };
}

type RenderedBody =
  { readonly text: string; readonly missing: readonly string[] } | { readonly problem: string };

function renderBody(body: Config['body'], ctx: RunContext): RenderedBody {
  const { facts, now } = ctx;
  if (body === undefined) return { text: JSON.stringify(envelope(ctx)), missing: [] };
  if (typeof body === 'string') return renderText(body, { facts, now, escapeHtml: false });
  const rendered = renderJson(body, { facts, now });
  if ('problem' in rendered) return rendered;
  return { text: JSON.stringify(rendered.value), missing: rendered.missing };
}

/** What is sent when the node has no body of its own: ids, and nothing that the receiver would have to keep secret. */
function envelope({ tenant, journey, instance, node, customer }: RunContext): JsonObject {
  return { tenant, journey, instance, node, customer_id: customer };
}

/** The receiver's answer stands beside the status: `accumulated.<node>.body.score`. */
function outcomeOf(delivery: Delivery, { on_failure }: Config): Outcome {
  const { providerMessageId: _id, response, ...told } = delivery;
  const outcome = deliveryOutcome(told, on_failure);
  if (outcome.kind !== 'completed' || response === undefined) return outcome;
  return { ...outcome, result: { ...outcome.result, ...answerFields(response) } };
}

/** Bytes of UTF-8 of what is kept of an answer; the status and a reason fit beside it in 8 KiB. */
const answerBytesMax = 7_000;
/** Characters that are kept of an answer that is too long or is not JSON: in the worst case six bytes each. */
const textCharactersMax = 1_000;
const answerDepthMax = 20;

function answerFields({ status: http_status, text, cut }: WebResponse): JsonObject {
  if (text === '') return { http_status };
  const body = cut ? undefined : jsonOf(text);
  if (body !== undefined) return { http_status, body };
  const isWhole = !cut && text.length <= textCharactersMax;
  return {
    http_status,
    body: text.slice(0, textCharactersMax).toWellFormed(),
    ...(isWhole ? {} : { body_cut: true }),
  };
}

function jsonOf(text: string): Json | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const fits =
      isPlainJson(body, answerDepthMax) &&
      new TextEncoder().encode(JSON.stringify(body)).length <= answerBytesMax;
    return fits ? body : undefined;
  } catch {
    return undefined;
  }
}
