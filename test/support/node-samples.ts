/** For each node type: configurations that are right, ones that are wrong, and situations in which it shows all it can do. */
import type { JsonObject } from '../../lib/json.ts';
import type { RunContext, Trigger } from '../../lib/nodes/node-type.ts';
import { contextWith } from './node-runs.ts';

export interface NodeSample {
  readonly valid: readonly JsonObject[];
  /** Fields without which none of the valid configurations that have them is right. */
  readonly required: readonly string[];
  /** One mistake each. */
  readonly wrong: readonly JsonObject[];
  readonly situations: readonly {
    readonly ctx: RunContext;
    readonly triggers: readonly Trigger[];
  }[];
}

const situations = ['pro', 'free', 'team'].flatMap((plan) =>
  Array.from({ length: 40 }, (_, at) => ({
    ctx: contextWith({
      customer: `c${at}`,
      facts: { customer: { id: `c${at}`, properties: { plan } }, event: { plan, total: at } },
    }),
    triggers: [
      { kind: 'timeout' },
      { kind: 'event', event: { id: 'e1', type: 'opened', data: { plan } } },
    ] satisfies Trigger[],
  })),
);

function sample(
  valid: readonly JsonObject[],
  required: readonly string[],
  wrong: readonly JsonObject[],
): NodeSample {
  return { valid, required, wrong, situations };
}

/** The first valid configuration with one field replaced. */
function replaced(config: JsonObject, field: string, ...values: unknown[]): JsonObject[] {
  return values.map((value) => ({ ...config, [field]: value }) as JsonObject);
}

const notNames = [null, 5, '', ' ', ' padded ', 'two\nlines', [], {}, 'x'.repeat(1_001)];
const notDurations = [null, 5, '', '3', '-3d', '3 d', '1.5h', '6000d', {}];

const waitForEvent = { event_type: 'opened', timeout: '3d' };
const variants = [
  { key: 'a', weight: 70 },
  { key: 'b', weight: 30 },
];
const webhook = { url: 'https://crm.example.com/leads?list=1' };
const forbiddenTargets = [
  'http://crm.example.com/',
  'ftp://crm.example.com/',
  'https://',
  'https://ada:secret@crm.example.com/',
  'https://{{ event.host }}/',
  'https://crm.example.com/{{ customer.id }}',
  'https://localhost/',
  'https://hooks.localhost./',
  'https://printer/',
  'https://db.internal/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://10.1.2.3:8443/',
  'https://100.64.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[fd00::1]/',
];
const code = { source: 'return { total: event.total * 2 }' };
const inline = { subject: 'Hi {{ customer.name }}', body: '<p>{{ event.plan }}</p>' };
const notTemplates = [null, 5, '', '{{ customer.name', '{{ name }}', '{{ x | shout }}', '{% if %}'];

/** A message node whose text needs no subject; `also`: a configuration with what only this type has. */
function messageSample(also: JsonObject, wrong: readonly JsonObject[]): NodeSample {
  const text = { body: 'Hi {{ customer.name }}, {{ event.plan }}' };
  return sample(
    [
      { template_id: 'welcome' },
      { template_id: 'welcome', provider: 'main', from: 'Us', on_failure: 'fail', ...also },
      text,
      { ...text, on_failure: 'continue', provider: 'main', ...also },
    ],
    ['template_id', 'body'],
    [
      {},
      ...replaced({}, 'template_id', ...notNames),
      { ...text, template_id: 'welcome' },
      ...replaced({}, 'body', ...notTemplates, 'x'.repeat(50_001)),
      ...replaced(text, 'provider', ...notNames),
      ...replaced(text, 'from', ...notNames),
      ...replaced(text, 'on_failure', null, 'retry', true),
      ...wrong.map((fields) => ({ ...text, ...fields })),
    ],
  );
}

const notSubjects = [
  ...replaced({}, 'subject', ...notTemplates),
  { template_id: 't', subject: 's' },
];

export const nodeSamples: Readonly<Record<string, NodeSample>> = {
  event_entry: sample(
    [
      { event_type: 'signed_up' },
      { event_type: 'bought', filter: { total: { op: 'gt', value: 5 } } },
    ],
    ['event_type'],
    [
      ...replaced({}, 'event_type', ...notNames),
      ...replaced({ event_type: 'e' }, 'filter', null, 'plan', [], { plan: null }, { a: { b: 1 } }),
    ],
  ),
  webhook_entry: sample(
    [{ webhook_path: '/b' }, { webhook_path: '/crm/new-lead_2.x~', secret_ref: 'crm' }],
    ['webhook_path'],
    [
      ...replaced(
        {},
        'webhook_path',
        ...notNames,
        'b',
        '/',
        '/a//b',
        '/a/',
        '/a/../b',
        '/a b',
        '/ä',
        '/a?b',
      ),
      ...replaced({ webhook_path: '/b' }, 'secret_ref', ...notNames),
    ],
  ),
  send_email: sample(
    [
      { template_id: 'welcome' },
      {
        template_id: 'welcome',
        provider: 'ses',
        from: 'Ada <ada@example.com>',
        on_failure: 'fail',
      },
      inline,
      { ...inline, on_failure: 'continue', provider: 'ses' },
    ],
    ['template_id', 'subject', 'body'],
    [
      {},
      ...replaced({}, 'template_id', ...notNames),
      { ...inline, template_id: 'welcome' },
      { template_id: 'welcome', subject: 'Hi' },
      { template_id: 'welcome', body: 'Hi' },
      ...replaced(
        inline,
        'subject',
        null,
        5,
        '',
        '{{ customer.name',
        '{{ name }}',
        '{{ x | shout }}',
      ),
      ...replaced(
        inline,
        'body',
        null,
        5,
        '',
        '{% if %}',
        '{% include "x" %}',
        'x'.repeat(200_001),
      ),
      ...replaced(inline, 'provider', ...notNames),
      ...replaced(inline, 'from', ...notNames, 'nobody'),
      ...replaced(inline, 'on_failure', null, 'retry', true),
    ],
  ),
  send_sms: messageSample({}, [{ subject: 'Hi' }]),
  send_push: messageSample({}, notSubjects),
  send_whatsapp: messageSample({}, [{ subject: 'Hi' }]),
  send_in_app: messageSample({ placement: 'banner', expiry: '7d' }, [
    ...notSubjects,
    ...replaced({}, 'placement', ...notNames),
    ...replaced({}, 'expiry', ...notDurations, '0s'),
  ]),
  call_webhook: sample(
    [
      webhook,
      { ...webhook, method: 'PUT', timeout: '100ms', on_failure: 'fail' },
      { ...webhook, headers: { 'X-Team': 'growth', Authorization: { secret_ref: 'crm' } } },
      { ...webhook, headers: { authorization: { secret_ref: 'crm', prefix: 'Bearer ' } } },
      { ...webhook, body: '{"name": "{{ customer.name }}"}', expect: 204 },
      { ...webhook, body: { plan: '{{ event.plan }}', deep: [{ n: 1 }] }, expect: [200, 404] },
    ],
    ['url'],
    [
      ...replaced(webhook, 'url', null, 5, '', 'crm.example.com', ...forbiddenTargets),
      ...replaced(webhook, 'method', null, 'GET', 'post', 1),
      ...replaced(
        webhook,
        'headers',
        null,
        'x',
        { 'x y': 'a' },
        { host: 'a' },
        { 'Idempotency-Key': 'a' },
        { 'kalcifer-signature': 'a' },
        { x: 'two\r\nlines' },
        { x: 5 },
        { x: { secret_ref: '' } },
        { x: { secret_ref: 'a', other: 1 } },
        { 'X-A': 'a', 'x-a': 'b' },
        Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`x-${at}`, 'a'])),
      ),
      ...replaced(webhook, 'body', null, 5, '', [], '{{ name }}', { a: '{% if %}' }),
      ...replaced(webhook, 'timeout', ...notDurations, '0s', '31s'),
      ...replaced(webhook, 'expect', null, 'ok', [], 99, 600, [200, '201'], 200.5),
      ...replaced(webhook, 'on_failure', null, 'retry', true),
    ],
  ),
  wait: sample(
    [{ duration: '3d' }, { duration: '0s' }, { duration: '100ms' }],
    ['duration'],
    replaced({}, 'duration', ...notDurations),
  ),
  wait_until: sample(
    [
      { datetime: '2026-03-01T09:00:00+01:00' },
      { datetime: 'event.day' },
      { datetime: 'customer.properties.renews_at', if_past: 'fail' },
      { datetime: 'accumulated.wait_1.event.data.at', if_past: 'continue' },
    ],
    ['datetime'],
    [
      ...replaced(
        {},
        'datetime',
        null,
        5,
        '',
        'tomorrow',
        '2026-03-01',
        '2026-03-01T09:00:00',
        '2026-02-30T00:00:00Z',
        'day',
        'user.day',
      ),
      ...replaced({ datetime: 'event.day' }, 'if_past', null, 'skip', true),
    ],
  ),
  wait_for_event: sample(
    [
      waitForEvent,
      { ...waitForEvent, filter: { plan: 'pro' } },
      { ...waitForEvent, event_branch: 'opened', timeout_branch: 'ignored' },
      { ...waitForEvent, event_branch: 'opened' },
    ],
    ['event_type', 'timeout'],
    [
      ...replaced(waitForEvent, 'event_type', ...notNames),
      ...replaced(waitForEvent, 'timeout', ...notDurations),
      ...replaced(waitForEvent, 'filter', null, 'x', []),
      ...replaced(waitForEvent, 'event_branch', ...notNames, 'timed_out'),
      ...replaced(waitForEvent, 'timeout_branch', ...notNames, 'event_received'),
    ],
  ),
  condition: sample(
    [
      { field: 'customer.properties.plan', op: 'eq', value: 'pro' },
      {
        any: [
          { field: 'event.total', op: 'gte', value: 30 },
          { field: 'event.plan', value: 'pro' },
        ],
      },
      { not: { field: 'event.plan', op: 'in', value: ['pro', 'team'] } },
      {
        all: [
          { field: 'event.plan', value: 'pro' },
          { field: 'customer.id', value: 'c1' },
        ],
      },
    ],
    ['field', 'value', 'any', 'not', 'all'],
    [
      {},
      { field: 'plan', value: 1 },
      { field: 5, value: 1 },
      { field: 'event.x', op: 'like', value: 1 },
      { field: 'event.x', op: null, value: 1 },
      { field: 'event.x', value: null },
      { field: 'event.x', op: 'gt', value: [] },
      { all: [] },
      { any: {} },
      { not: [] },
      { all: [{ field: 'event.x', value: 1 }], any: [{ field: 'event.x', value: 1 }] },
    ],
  ),
  ab_split: sample(
    [
      { variants },
      { variants, salt: 'spring' },
      { variants: ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, weight: 20 })) },
    ],
    ['variants'],
    [
      ...replaced({}, 'variants', null, 'a', {}, [], variants.slice(1), [...variants, ...variants]),
      { variants: ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ key, weight: 1 })) },
      ...replaced({ variants }, 'salt', ...notNames),
      ...[0, 101, -1, 1.5, '50', null].map((weight) => ({
        variants: [
          { key: 'a', weight },
          { key: 'b', weight: 1 },
        ],
      })),
      ...['', ' a', 5, null].map((key) => ({
        variants: [
          { key, weight: 1 },
          { key: 'b', weight: 1 },
        ],
      })),
      { variants: [{ key: 'a' }, { key: 'b', weight: 1 }] },
      {
        variants: [
          { key: 'a', weight: 1, colour: 'red' },
          { key: 'b', weight: 1 },
        ],
      },
    ],
  ),
  update_profile: sample(
    [
      { fields: { email: '{{ event.email }}' } },
      { fields: { 'properties.plan': 'pro', 'properties.score': 42, 'preferences.sms': false } },
      {
        fields: { 'properties.last': { plan: '{{ event.plan }}', tags: ['{{ customer.name }}'] } },
      },
      {
        fields: {
          'properties.from': '{{ accumulated.wait_1.branch }}',
          name: 'Ada',
          phone: '+44 1',
        },
      },
    ],
    ['fields'],
    [
      ...replaced({}, 'fields', null, [], 'x', {}),
      ...[
        'id',
        'tags',
        'plan',
        'properties',
        'properties.',
        'preferences. ',
        'properties.__proto__',
        'properties.a.constructor',
        'customer.email',
      ].map((field) => ({ fields: { [field]: 'x' } })),
      { fields: { email: 5 } },
      { fields: { name: null } },
      { fields: { phone: ['1'] } },
      { fields: { 'properties.plan': '{{ plan }}' } },
      { fields: { 'properties.deep': { list: ['{% if %}'] } } },
      {
        fields: Object.fromEntries(
          Array.from({ length: 51 }, (_, at) => [`properties.p${at}`, at]),
        ),
      },
    ],
  ),
  add_tag: sample([{ tag: 'vip' }], ['tag'], replaced({}, 'tag', ...notNames)),
  remove_tag: sample([{ tag: 'vip' }], ['tag'], replaced({}, 'tag', ...notNames)),
  custom_code: {
    ...sample(
      [
        code,
        { ...code, timeout: '5s' },
        { source: 'return event.plan', branches: ['pro', 'free', 'team'] },
      ],
      ['source'],
      [
        ...replaced({}, 'source', null, 5, '', '  \n ', [], 'x'.repeat(65_537)),
        ...replaced(code, 'timeout', ...notDurations, '0s', '5001ms'),
        ...replaced(code, 'branches', null, 'a', [], ['a'], ['a', 'a'], ['a', ''], ['a', 5]),
        { ...code, branches: Array.from({ length: 21 }, (_, at) => `b${at}`) },
      ],
    ),
    situations: ['pro', 'free', 'team'].map((value) => ({
      ctx: contextWith({}),
      triggers: [{ kind: 'code', answer: { kind: 'returned', value } }],
    })),
  },
  goal_reached: sample(
    [
      { goal_name: 'activated' },
      { goal_name: 'bought', exit_after_goal: false, value: 49.9 },
      { goal_name: 'bought', exit_after_goal: true, value: 0 },
    ],
    ['goal_name'],
    [
      ...replaced({}, 'goal_name', ...notNames),
      ...replaced({ goal_name: 'g' }, 'exit_after_goal', null, 'yes', 1),
      ...replaced({ goal_name: 'g' }, 'value', null, '5', []),
    ],
  ),
  frequency_cap: {
    valid: [
      { max_messages: 2, time_window: '1d' },
      { channel: 'email', max_messages: 1, time_window: '12h' },
    ],
    required: ['max_messages', 'time_window'],
    wrong: [
      ...replaced({ time_window: '1d' }, 'max_messages', null, 0, -1, 1.5, '3', 1_001, {}),
      ...replaced({ max_messages: 1 }, 'time_window', ...notDurations, '0s'),
      ...replaced({ max_messages: 1, time_window: '1d' }, 'channel', null, '', 'fax', 'Email', []),
    ],
    situations: [0, 1, 2].map((count) => {
      const ctx = contextWith();
      const email = Array.from({ length: count }, (_, n) => ctx.now - n);
      return { ctx: { ...ctx, sends: { byChannel: { email } } }, triggers: [] };
    }),
  },
  segment_entry: sample(
    [
      { segment_id: 'vip' },
      { segment_id: 'vip', schedule: '0 9 * * MON-FRI' },
      { segment_id: 'vip', on: 'enter' },
    ],
    ['segment_id'],
    [
      {},
      ...replaced({}, 'segment_id', ...notNames),
      ...replaced({ segment_id: 'vip' }, 'schedule', null, 5, '', 'daily', '0 9 * *', '0 0 31 2 *'),
      ...replaced({ segment_id: 'vip' }, 'on', null, 'leave', true),
    ],
  ),
  check_segment: {
    valid: [
      { segment_id: 'vip' },
      { segment_id: 'vip', on_unavailable: 'false' },
      { segment_id: 'vip', on_unavailable: 'fail', retry_for: '10m' },
      { segment_id: 'vip', retry_for: '0s' },
    ],
    required: ['segment_id'],
    wrong: [
      {},
      ...replaced({}, 'segment_id', ...notNames),
      ...replaced({ segment_id: 'vip' }, 'on_unavailable', null, 'true', false),
      ...replaced({ segment_id: 'vip' }, 'retry_for', ...notDurations, '25h'),
    ],
    situations: [true, false].map((isIn) => ({
      ctx: contextWith({ segment: { kind: 'known', isIn, because: 'customer.id is "c1"' } }),
      triggers: [],
    })),
  },
  preference_gate: {
    valid: ['email', 'sms', 'push', 'whatsapp', 'in_app'].map((channel) => ({ channel })),
    required: ['channel'],
    wrong: [{}, ...replaced({}, 'channel', ...notNames, 'all', 'webhook', 'fax', 'SMS')],
    situations: [true, false].map((wanted) => ({
      ctx: contextWith({
        facts: {
          customer: {
            id: 'c1',
            preferences: Object.fromEntries(
              ['email', 'sms', 'push', 'whatsapp', 'in_app'].map((channel) => [channel, wanted]),
            ),
          },
        },
      }),
      triggers: [],
    })),
  },
  track_conversion: sample(
    [
      { event_name: 'bought' },
      { event_name: 'bought', revenue: 49.9 },
      { event_name: 'bought', revenue: '{{ event.total }}', metadata: { plan: 'pro' } },
      { event_name: 'bought', metadata: { items: [{ name: '{{ customer.name }}' }] } },
    ],
    ['event_name'],
    [
      {},
      ...replaced({}, 'event_name', ...notNames),
      ...replaced({ event_name: 'b' }, 'revenue', null, [], {}, true, '{{ total }}', '{% if %}'),
      ...replaced({ event_name: 'b' }, 'metadata', null, [], 'x', { a: '{{ plan }}' }),
      { event_name: 'b', metadata: { long: 'x'.repeat(8_001) } },
    ],
  ),
  exit: sample([{}, { reason: 'not interested' }], [], replaced({}, 'reason', ...notNames)),
};
