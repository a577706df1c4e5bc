/**
 * Records for tests, complete and ordinary; say only what matters. Each call gives a new one: names, ids and addresses are numbered
 * in the order of the calls.
 */
import type { Instance } from '../../lib/engine/records/instance.ts';
import type { Journey, JourneyVersion } from '../../lib/engine/records/journey.ts';
import type { Segment } from '../../lib/engine/records/segment.ts';
import type { Send, Step } from '../../lib/engine/records/step.ts';
import type { CustomerOptions } from '../../lib/testkit/testkit.ts';
import { simpleJourney } from './graphs.ts';

/** The tenant of everything that is made here, unless it is said otherwise. */
const testTenant = 'test_tenant';

const start = Date.parse('2026-01-01T00:00:00Z');

const made = new Map<string, number>();

function next(kind: string): number {
  const number = (made.get(kind) ?? 0) + 1;
  made.set(kind, number);
  return number;
}

/** The id of a tenant of its own. */
export function aTenant(): string {
  return `tenant_${next('tenant')}`;
}

/** A draft. Its graph is that of `aVersion`. */
export function aJourney(overrides: Partial<Journey> = {}): Journey {
  return {
    tenant: testTenant,
    id: `Journey ${next('journey')}`,
    status: 'draft',
    latestVersion: 1,
    revision: 1,
    createdAt: start,
    ...overrides,
  };
}

/** The first version of a journey: a draft with the simplest graph. */
export function aVersion(overrides: Partial<JourneyVersion> = {}): JourneyVersion {
  return {
    tenant: testTenant,
    journey: `Journey ${next('journey')}`,
    version: 1,
    status: 'draft',
    graph: simpleJourney() as unknown as JourneyVersion['graph'],
    createdAt: start,
    ...overrides,
  };
}

/** A customer with an address and nothing else, under the id that the tenant's own system gave. */
export function aCustomer(overrides: Partial<CustomerOptions> = {}): CustomerOptions {
  const number = next('customer');
  return {
    tenant: testTenant,
    id: `customer_${number}`,
    email: `customer_${number}@example.com`,
    properties: {},
    ...overrides,
  };
}

/** A customer who has just entered and stands at the entry. */
export function anInstance(overrides: Partial<Instance> = {}): Instance {
  const number = next('instance');
  return {
    tenant: testTenant,
    id: `00000000instance${String(number).padStart(4, '0')}`,
    journey: 'Journey 1',
    version: 1,
    customer: `customer_${number}`,
    entry: 'entry_1',
    status: 'pending',
    epoch: 1,
    revision: 1,
    tokens: [{ node: 'entry_1' }],
    answers: [],
    consumed: [],
    enteredAt: start,
    ...overrides,
  };
}

/** A step that is done. */
export function aStep(overrides: Partial<Step> = {}): Step {
  return {
    tenant: testTenant,
    instance: `00000000instance${String(next('step')).padStart(4, '0')}`,
    node: 'entry_1',
    version: 1,
    status: 'completed',
    startedAt: start,
    endedAt: start,
    ...overrides,
  };
}

/** A mail that its provider took at the first attempt: the delivery of a step. */
export function aDelivery(overrides: Partial<Send> = {}): Send {
  return {
    channel: 'email',
    status: 'sent',
    attempt: 1,
    providerMessageId: `message_${next('delivery')}`,
    ...overrides,
  };
}

/** Customers on plan "pro". */
export function aSegment(overrides: Partial<Segment> = {}): Segment {
  const number = next('segment');
  return {
    tenant: testTenant,
    id: `segment_${number}`,
    name: `Segment ${number}`,
    rule: { field: 'customer.properties.plan', op: 'eq', value: 'pro' },
    revision: 1,
    usedBy: [],
    isFollowed: false,
    createdAt: start,
    changedAt: start,
    ...overrides,
  };
}
