/** The calls of the test kit that change something: each is one verb of the engine, made by the process under test. */
import { saveCustomer } from '../engine/customers/customers.ts';
import type { EngineContext } from '../engine/engine-context.ts';
import { enrolBatch } from '../engine/enrolment/enrol-batch.ts';
import { enrol } from '../engine/enrolment/enrol.ts';
import { publish } from '../engine/journeys/publish.ts';
import { receiveEvent } from '../engine/events/receive-event.ts';
import { saveSegment } from '../engine/segments/segments.ts';
import { setSecret } from '../engine/secrets/secrets.ts';
import { saveTemplate } from '../engine/sends/templates.ts';
import { saveTenantCaps } from '../engine/sends/tenant-caps.ts';
import { KalciferError } from '../kalcifer-error.ts';
import { find, running, type KitState } from './kit-state.ts';
import { lifecycleVerbs, type LifecycleVerbs } from './lifecycle-verbs.ts';
import type { Testkit } from './testkit-interface.ts';

type Verbs = LifecycleVerbs &
  Pick<
    Testkit,
    | 'publish'
    | 'customer'
    | 'template'
    | 'segment'
    | 'secret'
    | 'enroll'
    | 'enrollBatch'
    | 'tenantCaps'
    | 'event'
  >;

export function verbs(state: KitState): Verbs {
  const call = <Answer>(work: (ctx: EngineContext) => Promise<Answer>): Promise<Answer> =>
    running(state, () => work(state.process.ctx));
  return {
    publish: ({ tenant, journey, graph, frequencyCaps, reentry, entryCap, ...options }) => {
      refuseNotYet(options);
      const settings = { frequency_caps: frequencyCaps, reentry, entry_cap: entryCap };
      return call((ctx) => publish(ctx, { tenant, journey, graph, settings }));
    },
    customer: ({ tenant, id, ...fields }) =>
      call(async (ctx) => {
        await saveCustomer(ctx, { tenant, customer: id, ...fields });
      }),
    template: ({ tenant, ...template }) =>
      call(async (ctx) => {
        await saveTemplate(ctx, { tenant, template });
      }),
    segment: ({ tenant, id, ...drawn }) =>
      call(async (ctx) => {
        await saveSegment(ctx, { tenant, segment: id, ...drawn });
      }),
    secret: ({ tenant, name, value }) =>
      call(async (ctx) => {
        await setSecret(ctx, { tenant, secret: name, value });
      }),
    enroll: (request) => call((ctx) => enrol(ctx, request)),
    enrollBatch: (request) => call((ctx) => enrolBatch(ctx, request)),
    tenantCaps: (request) =>
      call(async (ctx) => {
        await saveTenantCaps(ctx, request);
      }),
    event: (request) =>
      call(async (ctx) => {
        const { routed, enrolled } = await receiveEvent(ctx, request);
        return { routed, enrolled };
      }),
    ...lifecycleVerbs(call, (id) => find(state, id)),
  };
}

function refuseNotYet(options: Record<string, unknown>): void {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (given.length > 0) throw notSupported(given.join(', '));
}

function notSupported(what: string): KalciferError {
  return new KalciferError(
    'not_supported',
    `${what}: this release of Kalcifer cannot do this yet.`,
  );
}

export const notYet: Pick<Testkit, 'migrate' | 'rollback' | 'abortMigration'> = {
  migrate: () => Promise.reject(notSupported('migrate')),
  rollback: () => Promise.reject(notSupported('rollback')),
  abortMigration: () => Promise.reject(notSupported('abortMigration')),
};
