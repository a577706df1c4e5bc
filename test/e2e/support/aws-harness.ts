/**
 * The acceptance scenarios' verbs, on the deployed app: every verb is a request to the HTTP API, messages are what is in SES's outbox,
 * and time is real. Each harness has tenants of its own.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceView, StepView } from '../../../lib/testkit/testkit.ts';
import { parseDuration } from '../../../lib/journey/duration.ts';
import type { Harness } from '../../acceptance/harness.ts';
import type { DrawnJson } from '../../support/graphs.ts';
import type { ApiInstance, ApiTimeline } from './api-answers.ts';
import { isAtRest, terminal } from './at-rest.ts';
import { readOutbox } from './outbox.ts';
import type { Place } from './place.ts';
import { tenantApi, type TenantApi } from './tenant-api.ts';
import { addTenant } from './tenants.ts';
import { until } from './waiting-until.ts';

export interface AwsHarness extends Harness {
  /** The tenant's real name: scenarios all call theirs `T1` and `T2`. */
  realTenant(tenant: string): string;
  /** The API in the name of the tenant. */
  api(tenant: string): Promise<TenantApi>;
}

type View = Awaited<ReturnType<Harness['instance']>>;

/** Longer durations than this do not pass. */
const passesAtMostMs = 10_000;
const momentMs = 300;

export function openAwsHarness(place: Place): AwsHarness {
  const suffix = randomUUID().slice(0, 8);
  const realTenant = (tenant: string): string => `${tenant}-${suffix}`;
  const apis = new Map<string, Promise<TenantApi>>();
  const journeys = new Set<string>();
  const graphs = new Map<string, DrawnJson>();
  const tenantOf = new Map<string, string>();
  const ended = new Set<string>();

  const api = (tenant: string): Promise<TenantApi> => {
    const known =
      apis.get(tenant) ??
      addTenant(place, realTenant(tenant)).then((key) => tenantApi(place.apiUrl, key));
    apis.set(tenant, known);
    return known;
  };
  const call = async <Answer>(
    tenant: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer> => (await api(tenant)).call<Answer>(method, path, body);
  const ofInstance = (id: string): string => tenantOf.get(id) ?? 'T1';
  const listAll = async (tenant: string, journey?: string): Promise<readonly ApiInstance[]> => {
    const wanted = [...journeys].filter(
      (name) =>
        name.startsWith(`${tenant}/`) && (journey === undefined || name === `${tenant}/${journey}`),
    );
    const pages = await Promise.all(
      wanted.map((name) =>
        call<{ instances: readonly ApiInstance[] }>(
          tenant,
          'GET',
          `/v1/journeys/${encodeURIComponent(name.slice(tenant.length + 1))}/instances?limit=100`,
        ),
      ),
    );
    const found = pages.flatMap(({ instances }) => instances);
    for (const { id } of found) tenantOf.set(id, tenant);
    return found.toSorted((a, b) => (a.entered_at < b.entered_at ? -1 : 1));
  };
  const graphOf = ({ id, journey, version }: ApiInstance): DrawnJson =>
    graphs.get(`${ofInstance(id)}/${journey} v${version}`) ?? { nodes: [], edges: [] };
  const settle = (): Promise<void> =>
    settled(async () => {
      const tenants = [...apis.keys()];
      const lists = await Promise.all(tenants.map((tenant) => listAll(tenant)));
      const moving = lists.flat().filter(({ id }) => !ended.has(id));
      for (const { id, status } of moving) if (terminal.includes(status)) ended.add(id);
      return moving;
    }, graphOf);
  const timeline = (id: string): Promise<ApiTimeline> =>
    call<ApiTimeline>(ofInstance(id), 'GET', `/v1/instances/${id}/timeline`);
  const command =
    (name: string) =>
    async (id: string): Promise<void> => {
      await call(ofInstance(id), 'POST', `/v1/instances/${id}/${name}`);
    };

  return {
    realTenant,
    api,
    settle,
    publish: async ({ tenant, journey, graph, frequencyCaps, reentry, entryCap }) => {
      journeys.add(`${tenant}/${journey}`);
      for (const template of templatesIn(graph)) {
        await call(tenant, 'PUT', `/v1/templates/${template}`, {
          subject: subjectOf(template),
          body: `<p>${template}</p>`,
        });
      }
      const path = `/v1/journeys/${encodeURIComponent(journey)}/publish`;
      const published = await call<{ version: number; warnings: [] }>(tenant, 'POST', path, {
        graph,
        frequency_caps: frequencyCaps,
        reentry,
        entry_cap: entryCap,
      });
      graphs.set(`${tenant}/${journey} v${published.version}`, graph as DrawnJson);
      return published;
    },
    customer: async ({ tenant, id, ...fields }) => {
      await call(tenant, 'PUT', `/v1/customers/${encodeURIComponent(id)}`, fields);
    },
    enroll: async ({ tenant, journey, customer, entry, context }) => {
      const path = `/v1/journeys/${encodeURIComponent(journey)}/instances`;
      const body = { customer_id: customer, entry, context };
      const answer = await call<{ instance: string }>(tenant, 'POST', path, body);
      tenantOf.set(answer.instance, tenant);
      return answer;
    },
    event: async ({ tenant, customer, type, data, id }) => {
      const body = { customer_id: customer, type, data, id };
      const answer = await call<{ routed: number; enrolled: string[] }>(
        tenant,
        'POST',
        '/v1/events',
        body,
      );
      for (const instance of answer.enrolled) tenantOf.set(instance, tenant);
      return { routed: answer.routed, enrolled: answer.enrolled };
    },
    advance: async (duration) => {
      const parsed = parseDuration(duration);
      const ms = 'ms' in parsed ? parsed.ms : 0;
      await sleep(ms > passesAtMostMs ? momentMs : ms);
      await settle();
    },
    instance: async (id) =>
      instanceView(await call<ApiInstance>(ofInstance(id), 'GET', `/v1/instances/${id}`)),
    instances: async ({ tenant, journey, customer }) => {
      const found = await listAll(tenant, journey);
      return found
        .filter(({ customer_id: id }) => customer === undefined || id === customer)
        .map(({ id }) => id);
    },
    steps: async (id) => (await timeline(id)).steps.map(stepView),
    conversions: async ({ tenant, journey }) => {
      const found = await listAll(tenant, journey);
      const timelines = await Promise.all(found.map(({ id }) => timeline(id)));
      return timelines.flatMap(({ instance, steps }) =>
        steps.flatMap(({ conversion, node }) =>
          conversion === undefined
            ? []
            : [{ ...conversion, instance: instance.id, node, customer: instance.customer_id }],
        ),
      );
    },
    sends: async () => {
      const tenants = new Map([...apis.keys()].map((tenant) => [realTenant(tenant), tenant]));
      const mails = (await readOutbox(place)).filter(({ tenant }) => tenants.has(tenant));
      const customers = new Map<string, string>();
      for (const tenant of apis.keys()) {
        for (const { id, customer_id: customer } of await listAll(tenant))
          customers.set(id, customer);
      }
      return mails.map((mail) => ({
        tenant: tenants.get(mail.tenant) ?? '',
        customer: customers.get(mail.instance) ?? '',
        channel: 'email',
        to: mail.to,
        ...templateOf(mail.subject),
        instance: mail.instance,
        node: mail.node,
        key: `${mail.tenant}/${mail.instance}/${mail.node}`,
      }));
    },
    pause: command('pause'),
    resume: command('resume'),
    cancel: command('cancel'),
    close: () => Promise.resolve(),
  };
}

/** Nothing moves any more: everybody has ended, is paused, or waits for an event or a later time; and so it was a moment ago. */
async function settled(
  look: () => Promise<readonly ApiInstance[]>,
  graphOf: (instance: ApiInstance) => DrawnJson,
): Promise<void> {
  let before = '';
  await until('everything is at rest', async () => {
    const instances = await look();
    const now = JSON.stringify(instances);
    const isQuiet =
      instances.every((one) => isAtRest(one, graphOf(one), Date.now())) && now === before;
    before = now;
    return isQuiet;
  });
}

function instanceView(instance: ApiInstance): View {
  const { exit_reason: exitReason, completed_at: completedAt } = instance;
  return {
    customer: instance.customer_id,
    status: instance.status as InstanceView['status'],
    ...(exitReason === undefined ? {} : { exitReason }),
    version: instance.version,
    positions: instance.positions.toSorted(),
    deadlines: instance.deadlines,
    enteredAt: instance.entered_at,
    ...(completedAt === undefined ? {} : { completedAt }),
  };
}

function stepView(step: ApiTimeline['steps'][number]): StepView {
  const { started_at: startedAt, ended_at: endedAt, node, type, status, branch, result } = step;
  return {
    node,
    type,
    status,
    ...(branch === undefined ? {} : { branch }),
    ...(result === undefined ? {} : { result }),
    reason: step.reason,
    notes: step.notes,
    version: step.version,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

/** A mail does not say which template it was made from: the subjects of the templates that tests write do. */
function subjectOf(template: string): string {
  return `template ${template}`;
}

function templateOf(subject: string): { template?: string } {
  const template = /^template (.+)$/.exec(subject)?.[1];
  return template === undefined ? {} : { template };
}

function templatesIn(graph: unknown): ReadonlySet<string> {
  const ids = [...JSON.stringify(graph).matchAll(/"template_id":"([^"]+)"/g)];
  return new Set(ids.map(([, id = '']) => id));
}
