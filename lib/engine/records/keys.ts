/**
 * The key layout: where everything that the engine remembers lives in the table. Tenant id is in every key (semantics 3.7).
 *
 * | what              | pk                     | sk                                  | index               |
 * |-------------------|------------------------|-------------------------------------|---------------------|
 * | instance          | T#i#<instance>         | i                                   | T#j#<journey>       |
 * | step              | T#i#<instance>         | s#<node>                            |                     |
 * | membership        | T#c#<customer>         | m#<journey>                         |                     |
 * | wait registration | T#c#<customer>         | w#<event type>#<instance>#<node>    |                     |
 * | exit watch        | T#c#<customer>         | w#<event type>#<instance>#          |                     |
 * | profile           | T#c#<customer>         | p                                   | T#profiles          |
 * | profile watch     | T#c#<customer>         | p#<instance>                        |                     |
 * | inbox message     | T#b#<customer>         | <message>                           |                     |
 * | inbox receipt     | T#i#<instance>         | b#<node>                            |                     |
 * | delivery report   | T#i#<instance>         | d#<node>                            |                     |
 * | send times        | T#c#<customer>         | t                                   |                     |
 * | received event    | T#e#<event id>         | e                                   |                     |
 * | batch item        | T#n#<journey>#<item>   | n                                   |                     |
 * | promise           | T#p#<shard>            | <instance>                          |                     |
 * | journey           | T#journeys             | <journey>                           |                     |
 * | version           | T#j#<journey>          | v#<number, 6 digits>                |                     |
 * | state machine     | T#j#<journey>          | a#<number, 6 digits>                |                     |
 * | entry             | T#entries              | <kind>#<trigger>#<journey>#<node>   |                     |
 * | tenant's caps     | T#caps                 | c                                   |                     |
 * | template          | T#templates            | <template>                          |                     |
 * | secret            | T#secrets              | <secret>                            |                     |
 * | segment           | T#segments             | <segment>                           |                     |
 * | presence          | T#c#<customer>         | g                                   |                     |
 * | admission         | T#admissions           | <admission>                         |                     |
 * | schedule          | schedules              | <tenant>#<journey>#<node>           |                     |
 * | webhook           | T#webhooks             | <path>                              |                     |
 * | tenant            | tenants                | <tenant>                            |                     |
 * | API key           | keys#<hash>            | k                                   |                     |
 * | API key by name   | T#keys                 | <name>                              |                     |
 *
 * T is the tenant. Parts are escaped, so that no id can reach into another's key. An instance is looked up by its own id; a
 * customer's partition holds what an event of that customer must find at once (never through the index, which may lag).
 */
import { historySortKeys } from '../../history-rows.ts';
import type { Key } from '../../ports/table.ts';

export const keys = {
  instance: (tenant: string, instance: string): Key => ({
    pk: instancePk(tenant, instance),
    sk: historySortKeys.instance,
  }),
  step: (tenant: string, instance: string, node: string): Key => ({
    pk: instancePk(tenant, instance),
    sk: `${stepPrefix}${escape(node)}`,
  }),
  membership: (tenant: string, customer: string, journey: string): Key => ({
    pk: customerPk(tenant, customer),
    sk: `m#${escape(journey)}`,
  }),
  wait: (wait: WaitKey): Key => ({
    pk: customerPk(wait.tenant, wait.customer),
    sk: `${waitsOfType(wait.eventType)}${wait.instance}#${escape(wait.node)}`,
  }),
  profile: (tenant: string, customer: string): Key => ({
    pk: customerPk(tenant, customer),
    sk: 'p',
  }),
  profileWatch: (tenant: string, customer: string, instance: string): Key => ({
    pk: customerPk(tenant, customer),
    sk: `p#${instance}`,
  }),
  inboxMessage: (tenant: string, customer: string, message: string): Key => ({
    pk: inboxPk(tenant, customer),
    sk: message,
  }),
  inboxReceipt: (tenant: string, instance: string, node: string): Key => ({
    pk: instancePk(tenant, instance),
    sk: `b#${escape(node)}`,
  }),
  deliveryReport: (tenant: string, instance: string, node: string): Key => ({
    pk: instancePk(tenant, instance),
    sk: `${reportPrefix}${escape(node)}`,
  }),
  sendTimes: (tenant: string, customer: string): Key => ({
    pk: customerPk(tenant, customer),
    sk: 't',
  }),
  event: (tenant: string, event: string): Key => ({
    pk: `${escape(tenant)}#e#${escape(event)}`,
    sk: 'e',
  }),
  batchItem: (tenant: string, journey: string, item: string): Key => ({
    pk: `${escape(tenant)}#n#${escape(journey)}#${escape(item)}`,
    sk: 'n',
  }),
  promise: (tenant: string, instance: string): Key => ({
    pk: promisesPk(tenant, shardOf(instance)),
    sk: instance,
  }),
  journey: (tenant: string, journey: string): Key => ({
    pk: journeysPk(tenant),
    sk: escape(journey),
  }),
  version: (tenant: string, journey: string, version: number): Key => ({
    pk: journeyPk(tenant, journey),
    sk: `v#${sixDigits(version)}`,
  }),
  machine: (tenant: string, journey: string, version: number): Key => ({
    pk: journeyPk(tenant, journey),
    sk: `a#${sixDigits(version)}`,
  }),
  entry: (tenant: string, entry: EntryKey): Key => ({
    pk: entriesPk(tenant),
    sk: `${entriesOf(entry.kind, entry.trigger)}${escape(entry.journey)}#${escape(entry.node)}`,
  }),
  tenantCaps: (tenant: string): Key => ({ pk: `${escape(tenant)}#caps`, sk: 'c' }),
  template: (tenant: string, template: string): Key => ({
    pk: templatesPk(tenant),
    sk: escape(template),
  }),
  webhook: (tenant: string, path: string): Key => ({
    pk: webhooksPk(tenant),
    sk: escape(path),
  }),
  secret: (tenant: string, secret: string): Key => ({
    pk: secretsPk(tenant),
    sk: escape(secret),
  }),
  segment: (tenant: string, segment: string): Key => ({
    pk: segmentsPk(tenant),
    sk: escape(segment),
  }),
  presence: (tenant: string, customer: string): Key => ({
    pk: customerPk(tenant, customer),
    sk: 'g',
  }),
  admission: (tenant: string, admission: string): Key => ({
    pk: admissionsPk(tenant),
    sk: admission,
  }),
  schedule: (tenant: string, journey: string, node: string): Key => ({
    pk: schedulesPk,
    sk: `${schedulesOf(tenant, journey)}${escape(node)}`,
  }),
  tenant: (tenant: string): Key => ({ pk: tenantsPk, sk: escape(tenant) }),
  apiKey: (hash: string): Key => ({ pk: `keys#${hash}`, sk: 'k' }),
  apiKeyName: (tenant: string, name: string): Key => ({
    pk: `${escape(tenant)}#keys`,
    sk: escape(name),
  }),
} as const;

export interface WaitKey {
  readonly tenant: string;
  readonly customer: string;
  readonly eventType: string;
  readonly instance: string;
  readonly node: string;
}

export interface EntryKey {
  readonly kind: 'event' | 'segment';
  /** Event type or segment. */
  readonly trigger: string;
  readonly journey: string;
  readonly node: string;
}

export function instancePk(tenant: string, instance: string): string {
  return `${escape(tenant)}#i#${instance}`;
}

export function customerPk(tenant: string, customer: string): string {
  return `${escape(tenant)}#c#${escape(customer)}`;
}

export function inboxPk(tenant: string, customer: string): string {
  return `${escape(tenant)}#b#${escape(customer)}`;
}

/** Index value under which the instances of a journey are found, oldest first. */
export function journeyIndex(tenant: string, journey: string): string {
  return `${escape(tenant)}#j#${escape(journey)}`;
}

export function profilesIndex(tenant: string): string {
  return `${escape(tenant)}#profiles`;
}

export function journeysPk(tenant: string): string {
  return `${escape(tenant)}#journeys`;
}

export function journeyPk(tenant: string, journey: string): string {
  return `${escape(tenant)}#j#${escape(journey)}`;
}

export function entriesPk(tenant: string): string {
  return `${escape(tenant)}#entries`;
}

export function templatesPk(tenant: string): string {
  return `${escape(tenant)}#templates`;
}

export function webhooksPk(tenant: string): string {
  return `${escape(tenant)}#webhooks`;
}

export function secretsPk(tenant: string): string {
  return `${escape(tenant)}#secrets`;
}

export function segmentsPk(tenant: string): string {
  return `${escape(tenant)}#segments`;
}

/** One partition per tenant: it takes in more in a second than executions can be started in one. */
export function admissionsPk(tenant: string): string {
  return `${escape(tenant)}#admissions`;
}

export const tenantsPk = 'tenants';

/** The schedules of all tenants stand together: each sweep looks at them all. */
export const schedulesPk = 'schedules';

/** Sort-key prefix of the schedules of one journey. */
export function schedulesOf(tenant: string, journey: string): string {
  return `${escape(tenant)}#${escape(journey)}#`;
}

export const { stepPrefix, reportPrefix } = historySortKeys;
export const membershipPrefix = 'm#';
export const versionPrefix = 'v#';
export const machinePrefix = 'a#';
/** The profile and whoever watches it. */
export const profilePrefix = 'p';

/** Sort-key prefix of the waits of one customer for one type of event. */
export function waitsOfType(eventType: string): string {
  return `w#${escape(eventType)}#`;
}

/** Sort-key prefix of the entries of one kind. */
export function entriesOfKind(kind: EntryKey['kind']): string {
  return `${kind}#`;
}

/** Sort-key prefix of the entries that one trigger may open. */
export function entriesOf(kind: EntryKey['kind'], trigger: string): string {
  return `${kind}#${escape(trigger)}#`;
}

/** Promises are spread over this many partitions, so that none is hot on DynamoDB. */
export const promiseShards = 16;

export function promisesPk(tenant: string, shard: number): string {
  return `${escape(tenant)}#p#${shard}`;
}

/** The parts of a composed key, as they were given. */
export function keyParts(key: string): string[] {
  return key.split('#').map(unescape);
}

/** The last characters of an instance id are chance, so they spread evenly. */
function shardOf(instance: string): number {
  return instance.charCodeAt(instance.length - 1) % promiseShards;
}

function sixDigits(version: number): string {
  return String(version).padStart(6, '0');
}

const needsEscape = /[#%]/;

function escape(part: string): string {
  return needsEscape.test(part) ? part.replaceAll('%', '%25').replaceAll('#', '%23') : part;
}

function unescape(part: string): string {
  return part.includes('%') ? part.replaceAll('%23', '#').replaceAll('%25', '%') : part;
}
