/**
 * Every route of the API as one of two tenants uses it, with ids that are the same for both and texts that carry the tenant's mark.
 * A new route needs a row here: the test of tenant isolation asks the OpenAPI document which there are.
 */
import { callbackSecret } from '../../lib/engine/secrets/secrets.ts';
import { signWebhook } from '../../lib/webhook-signature.ts';
import type { DrawnJson } from './graphs.ts';
import { drawGraph } from './graphs.ts';

export type TenantName = 'T1' | 'T2';

/** In every text that a tenant gives, and in no other. */
export const marks: Readonly<Record<TenantName, string>> = {
  T1: 'mark-of-the-first',
  T2: 'mark-of-the-second',
};

/** One use of a route, drawn at random. */
export interface Ask {
  readonly route: string;
  readonly customer: string;
  readonly journey: string;
  readonly type: string;
  /** Which of the instances or messages that are known; `foreign` takes the other tenant's. */
  readonly which: number;
  readonly foreign: boolean;
  readonly id: string;
}

/** Who asks, and the ids that the route may name. */
export interface Asker {
  readonly tenant: TenantName;
  readonly mark: string;
  /** An instance, and the key and inbox id of a message: of the tenant itself or of the other one. */
  readonly instance: string;
  readonly inboxMessage: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Signs webhooks and callbacks; of the other tenant when the ask is foreign. */
  readonly secret: string;
}

interface Call {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const secretOf = (mark: string): string => `secret with ${mark}`;

type Use = (ask: Ask, by: Asker) => Call;

const dataOf = ({ mark }: Asker) => ({ note: mark, plan: 'pro' });

const graphOf = ({ journey }: Ask, { mark }: Asker): DrawnJson =>
  drawGraph(
    {
      in: ['event_entry', { event_type: 'go' }],
      hook: ['webhook_entry', { webhook_path: `/${journey}`, secret_ref: 'crm' }],
      seg: ['segment_entry', { segment_id: 's' }],
      tag: ['add_tag', { tag: `${mark} ${journey}` }],
      mail: ['send_email', { subject: mark, body: '{{ customer.name }} {{ event.note }}' }],
      show: ['send_in_app', { subject: mark, body: '{{ context.note }}' }],
      opened: ['wait_for_event', { event_type: 'opened', timeout: '3d' }],
      goal: ['goal_reached', { goal_name: mark }],
      out: ['exit', { reason: mark }],
    },
    [
      'in -> tag',
      'hook -> tag',
      'seg -> tag',
      'tag -> mail',
      'mail -> show',
      'show -> opened',
      'opened -> goal [event_received]',
      'opened -> out [timed_out]',
    ],
  );

const signed = (path: string, body: object, { now, secret }: Asker): Call => {
  const text = JSON.stringify(body);
  const headers = { 'x-api-key': '', 'kalcifer-signature': signWebhook(secret, text, now) };
  return { path, body: text, headers };
};

const customer = ({ customer: id }: Ask): string => `/v1/customers/${id}`;
const journey = ({ journey: id }: Ask): string => `/v1/journeys/${id}`;
const instance = (_: Ask, { instance: id }: Asker): string => `/v1/instances/${id}`;

/** By method and path, as the OpenAPI document spells them. */
export const surface: Readonly<Record<string, Use>> = {
  'GET /health': () => ({ path: '/health', headers: { 'x-api-key': '' } }),
  'POST /callbacks/{tenant}/{provider}': ({ which }, by) =>
    signed(
      `/callbacks/${by.tenant}/outbox`,
      {
        message: `${by.tenant}/${by.instance}/mail`,
        status: which % 2 === 0 ? 'delivered' : 'bounced',
        detail: by.mark,
      },
      by,
    ),
  'POST /hooks/{tenant}/{path}': (ask, by) =>
    signed(
      `/hooks/${by.tenant}/${ask.journey}`,
      { customer_id: ask.customer, data: dataOf(by) },
      by,
    ),
  'POST /v1/webhooks/{path}': (ask, by) => ({
    ...signed(`/v1/webhooks/${ask.journey}`, { customer_id: ask.customer, data: dataOf(by) }, by),
    headers: {
      'kalcifer-signature': signWebhook(
        by.secret,
        JSON.stringify({ customer_id: ask.customer, data: dataOf(by) }),
        by.now,
      ),
      'idempotency-key': ask.id,
    },
  }),
  'POST /v1/events': (ask, by) => ({
    path: '/v1/events',
    body: { customer_id: ask.customer, type: ask.type, id: ask.id, data: dataOf(by) },
  }),
  'POST /v1/events/batch': (ask, by) => ({
    path: '/v1/events/batch',
    body: {
      events: ['go', ask.type].map((type) => ({
        customer_id: ask.customer,
        type,
        data: dataOf(by),
      })),
    },
  }),
  'PUT /v1/customers/{customer}': (ask, by) => ({
    path: customer(ask),
    body: {
      name: by.mark,
      email: `${ask.customer}@${by.mark}.example`,
      properties: { [by.mark]: ask.id },
      tags: [by.mark],
    },
  }),
  'GET /v1/customers/{customer}': (ask) => ({ path: customer(ask) }),
  'GET /v1/customers/{customer}/instances': (ask) => ({ path: `${customer(ask)}/instances` }),
  'GET /v1/customers/{customer}/inbox': (ask) => ({ path: `${customer(ask)}/inbox` }),
  'POST /v1/customers/{customer}/inbox/{message}/read': (ask, { inboxMessage }) => ({
    path: `${customer(ask)}/inbox/${inboxMessage}/read`,
  }),
  'GET /v1/journeys': () => ({ path: '/v1/journeys' }),
  'GET /v1/journeys/{journey}': (ask) => ({ path: journey(ask) }),
  'DELETE /v1/journeys/{journey}': (ask) => ({ path: journey(ask) }),
  'PUT /v1/journeys/{journey}/draft': (ask, by) => ({
    path: `${journey(ask)}/draft`,
    body: { graph: graphOf(ask, by) },
  }),
  'POST /v1/journeys/{journey}/publish': (ask, by) => ({
    path: `${journey(ask)}/publish`,
    body: {
      graph: graphOf(ask, by),
      ...(ask.which % 3 === 0
        ? { frequency_caps: [{ channel: 'email', max: 2, window: '1d' }] }
        : {}),
    },
  }),
  'GET /v1/journeys/{journey}/versions': (ask) => ({ path: `${journey(ask)}/versions` }),
  'GET /v1/journeys/{journey}/versions/{version}': (ask) => ({
    path: `${journey(ask)}/versions/${1 + (ask.which % 3)}`,
  }),
  'GET /v1/journeys/{journey}/versions/{version}/state-machine': (ask) => ({
    path: `${journey(ask)}/versions/${1 + (ask.which % 3)}/state-machine`,
  }),
  'POST /v1/journeys/{journey}/pause': (ask) => ({ path: `${journey(ask)}/pause` }),
  'POST /v1/journeys/{journey}/resume': (ask) => ({ path: `${journey(ask)}/resume` }),
  'POST /v1/journeys/{journey}/archive': (ask) => ({
    path: `${journey(ask)}/archive?exit_instances=${ask.which % 2 === 0}`,
  }),
  'POST /v1/journeys/{journey}/instances/pause': (ask) => ({
    path: `${journey(ask)}/instances/pause`,
  }),
  'POST /v1/journeys/{journey}/instances/resume': (ask) => ({
    path: `${journey(ask)}/instances/resume`,
  }),
  'POST /v1/journeys/{journey}/instances': (ask, by) => ({
    path: `${journey(ask)}/instances`,
    body: { customer_id: ask.customer, context: dataOf(by) },
  }),
  'POST /v1/journeys/{journey}/instances/batch': (ask, by) => ({
    path: `${journey(ask)}/instances/batch`,
    body: { items: [{ customer_id: ask.customer, context: dataOf(by), id: ask.id }] },
  }),
  'GET /v1/journeys/{journey}/instances': (ask) => ({ path: `${journey(ask)}/instances` }),
  'GET /v1/instances/{instance}': (ask, by) => ({ path: instance(ask, by) }),
  'GET /v1/instances/{instance}/timeline': (ask, by) => ({ path: `${instance(ask, by)}/timeline` }),
  'POST /v1/instances/{instance}/pause': (ask, by) => ({ path: `${instance(ask, by)}/pause` }),
  'POST /v1/instances/{instance}/resume': (ask, by) => ({ path: `${instance(ask, by)}/resume` }),
  'POST /v1/instances/{instance}/cancel': (ask, by) => ({ path: `${instance(ask, by)}/cancel` }),
  'PUT /v1/templates/{template}': ({ journey: template }, { mark }) => ({
    path: `/v1/templates/${template}`,
    body: { subject: mark, body: `${mark} {{ customer.name }}` },
  }),
  'GET /v1/templates/{template}': ({ journey: template }) => ({
    path: `/v1/templates/${template}`,
  }),
  'DELETE /v1/templates/{template}': ({ journey: template }) => ({
    path: `/v1/templates/${template}`,
  }),
  'GET /v1/templates': () => ({ path: '/v1/templates' }),
  'GET /v1/frequency-caps': () => ({ path: '/v1/frequency-caps' }),
  'PUT /v1/frequency-caps': ({ which }) => ({
    path: '/v1/frequency-caps',
    body: { caps: [{ channel: 'email', max: 1 + (which % 3), window: '1d' }] },
  }),
  'PUT /v1/secrets/{secret}': ({ which }, { mark }) => ({
    path: `/v1/secrets/${which % 2 === 0 ? callbackSecret('outbox') : 'crm'}`,
    body: { value: secretOf(mark) },
  }),
  'DELETE /v1/secrets/{secret}': () => ({ path: `/v1/secrets/${callbackSecret('outbox')}` }),
  'GET /v1/secrets': () => ({ path: '/v1/secrets' }),
  'GET /v1/segments': () => ({ path: '/v1/segments' }),
  'GET /v1/segments/{segment}': () => ({ path: '/v1/segments/s' }),
  'PUT /v1/segments/{segment}': (_, { mark }) => ({
    path: '/v1/segments/s',
    body: { name: mark, rule: { field: 'customer.name', value: mark } },
  }),
  'DELETE /v1/segments/{segment}': ({ which }) => ({
    path: `/v1/segments/${which % 2 === 0 ? 's' : 'spare'}`,
  }),
  'GET /v1/segments/{segment}/customers': () => ({ path: '/v1/segments/s/customers' }),
  'GET /v1/segments/{segment}/customers/{customer}': ({ customer: id }) => ({
    path: `/v1/segments/s/customers/${id}`,
  }),
  'GET /v1/outbox': () => ({ path: '/v1/outbox' }),
};
