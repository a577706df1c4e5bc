/**
 * `kalcifer/testkit`: runs journeys for real on a virtual clock: the compiled state machine, the embedded executor, the engine and
 * the table on disk, with channels that record instead of sending. Thirty days pass in milliseconds; the process can be killed at
 * any named point and started again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cancel } from '../engine/cancel.ts';
import { readCustomer, saveCustomer } from '../engine/customers.ts';
import { enrol } from '../engine/enrol.ts';
import { allJourneyInstances, listCustomerInstances } from '../engine/list-instances.ts';
import { listJourneys } from '../engine/journeys.ts';
import { pause } from '../engine/pause.ts';
import { publish } from '../engine/publish.ts';
import { receiveEvent } from '../engine/receive-event.ts';
import { instanceOf, type Instance } from '../engine/records/instance.ts';
import { keys } from '../engine/records/keys.ts';
import { promiseAgeMs, sweep } from '../engine/sweep.ts';
import { resume } from '../engine/resume.ts';
import { saveTemplate } from '../engine/templates.ts';
import { parseDuration } from '../journey/duration.ts';
import { KalciferError } from '../kalcifer-error.ts';
import type { EngineContext } from '../engine/engine-context.ts';
import { never } from './crash.ts';
import { fakeProvider, type FakeProvider } from './fake-channel.ts';
import { killPointNames } from './kill-points.ts';
import {
  conversionViews,
  deliveryViews,
  instanceView,
  sendView,
  stepViews,
  type ConversionView,
} from './kit-views.ts';
import { countLeftovers, tenantsOf } from './leftovers.ts';
import { seededChance, seededIds } from './seeded-chance.ts';
import { recover, startProcess, type TestProcess, type World } from './test-process.ts';
import type { Testkit, TestkitOptions } from './testkit-interface.ts';
import { virtualClock } from './virtual-clock.ts';

export { KalciferError } from '../kalcifer-error.ts';
export type * from './testkit-interface.ts';

/** A test kit on a fresh folder, or on what an earlier one left in `dir`. */
export async function createTestkit(options: TestkitOptions = {}): Promise<Testkit> {
  const folder = options.dir ?? (await mkdtemp(join(tmpdir(), 'kalcifer-testkit-')));
  const chance = seededChance(options.seed ?? 1);
  const clock = virtualClock(instantOf(options.start ?? '2026-01-01T00:00:00Z'));
  const problems: unknown[] = [];
  const world: World = {
    folder,
    clock,
    chance,
    ids: seededIds(chance),
    providers: new Map(channelNames.map((name) => [name, fakeProvider(clock)])),
    onError: (error) => problems.push(error),
  };
  const state: KitState = { world, process: await startProcess(world) };
  await running(state, () => recover(state.process));
  return {
    ...verbs(state),
    ...time(state),
    ...views(state),
    ...death(state),
    ...notYet,
    close: async () => {
      state.process.crash.now();
      await state.process.closeTable();
      if (options.dir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

interface KitState {
  readonly world: World;
  process: TestProcess;
}

const channelNames = ['email', 'sms', 'push', 'whatsapp', 'in_app', 'webhook'];

type Verbs = Pick<
  Testkit,
  'publish' | 'customer' | 'template' | 'enroll' | 'event' | 'pause' | 'resume' | 'cancel'
>;

function verbs(state: KitState): Verbs {
  const call = <Answer>(work: (ctx: EngineContext) => Promise<Answer>): Promise<Answer> =>
    running(state, () => work(state.process.ctx));
  const onInstance =
    (verb: typeof cancel) =>
    (id: string): Promise<void> =>
      call(async (ctx) => {
        const { tenant } = await find(state, id);
        await verb(ctx, { tenant, instance: id });
      });
  return {
    publish: ({ tenant, journey, graph, ...options }) => {
      refuseNotYet(options);
      return call((ctx) => publish(ctx, { tenant, journey, graph }));
    },
    customer: ({ tenant, id, ...fields }) =>
      call(async (ctx) => {
        await saveCustomer(ctx, { tenant, customer: id, ...fields });
      }),
    template: ({ tenant, ...template }) =>
      call(async (ctx) => {
        await saveTemplate(ctx, { tenant, template });
      }),
    enroll: (request) => call((ctx) => enrol(ctx, request)),
    event: (request) =>
      call(async (ctx) => {
        const { routed, enrolled } = await receiveEvent(ctx, request);
        return { routed, enrolled };
      }),
    pause: onInstance(pause),
    resume: onInstance(resume),
    cancel: onInstance(cancel),
  };
}

/** Calls of a process that is dead or dies meanwhile reject. */
function running<Answer>(state: KitState, work: () => Promise<Answer>): Promise<Answer> {
  const { crash } = state.process;
  return crash.race(crash.happened() ? never() : work());
}

function time(state: KitState): Pick<Testkit, 'advance' | 'settle' | 'now'> {
  const settle = (): Promise<void> => running(state, () => state.process.settle());
  const { clock } = state.world;
  return {
    settle,
    now: () => new Date(clock.now()).toISOString(),
    advance: async (duration) => {
      const parsed = parseDuration(duration);
      if ('problem' in parsed) {
        throw new KalciferError('input.invalid', `The duration ${parsed.problem}.`);
      }
      const end = clock.now() + parsed.ms;
      await settle();
      for (
        let next = clock.nextAlarm();
        next !== undefined && next <= end;
        next = clock.nextAlarm()
      ) {
        clock.moveTo(next);
        await settle();
      }
      clock.moveTo(end);
      await running(state, () => sweep(state.process.ctx, promiseAgeMs));
      await settle();
    },
  };
}

type Views = Pick<
  Testkit,
  | 'instance'
  | 'instances'
  | 'steps'
  | 'sends'
  | 'deliveries'
  | 'conversions'
  | 'profile'
  | 'leftovers'
>;

/** Looks at what is stored, outside of turns, also while the process is dead. */
function views(state: KitState): Views {
  const see = (): EngineContext => ({ ...state.process.ctx, table: state.process.table });
  return {
    instance: async (id) => instanceView(see(), await find(state, id)),
    instances: async (of) => (await matching(see(), of)).map(({ id }) => id),
    steps: async (id) => stepViews(see(), await find(state, id)),
    sends: (filter = {}) =>
      [...state.world.providers.values()]
        .flatMap((provider) => provider.accepted)
        .toSorted((a, b) => a.acceptedAt - b.acceptedAt)
        .filter((message) =>
          Object.entries(filter).every(
            ([field, value]) => message[field as keyof typeof message] === value,
          ),
        )
        .map(sendView),
    deliveries: async (id) => deliveryViews(see(), await find(state, id)),
    conversions: async (of) => {
      const found: ConversionView[] = [];
      for (const instance of await matching(see(), of)) {
        found.push(...(await conversionViews(see(), instance)));
      }
      return found;
    },
    profile: async ({ tenant, id }) => {
      const { revision: _revision, ...profile } = await readCustomer(see(), {
        tenant,
        customer: id,
      });
      return { id, ...profile };
    },
    leftovers: () => countLeftovers(see()),
  };
}

type Death = Pick<Testkit, 'channel' | 'killAt' | 'kill' | 'restart' | 'killPoints'>;

function death(state: KitState): Death {
  return {
    channel: (name) => {
      const provider = providerOf(state, name);
      return { next: (answer, times = 1) => provider.next(answer, times) };
    },
    killAt: (point, nth = 1) => {
      if (!killPointNames.includes(point)) {
        throw new KalciferError(
          'testkit.point_unknown',
          `There is no point "${point}". Known points: ${killPointNames.join(', ')}.`,
        );
      }
      state.process.crash.plan(point, nth);
    },
    kill: () => {
      state.process.crash.now();
      return Promise.resolve();
    },
    restart: async () => {
      state.process.crash.now();
      await state.process.closeTable();
      state.process = await startProcess(state.world);
      await running(state, () => recover(state.process));
    },
    killPoints: () => killPointNames,
  };
}

function providerOf(state: KitState, name: string): FakeProvider {
  const provider = state.world.providers.get(name);
  if (provider !== undefined) return provider;
  throw new KalciferError('testkit.channel_unknown', `There is no channel "${name}".`);
}

/** The test kit knows every tenant, so an id is enough. */
async function find(state: KitState, id: string): Promise<Instance> {
  const { table } = state.process;
  for (const tenant of await tenantsOf({ table })) {
    const item = await table.get(keys.instance(tenant, id));
    if (item !== undefined) return instanceOf(item);
  }
  throw new KalciferError('instance.unknown', `There is no instance "${id}".`);
}

async function matching(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly journey?: string; readonly customer?: string },
): Promise<readonly Instance[]> {
  const { tenant, journey, customer } = of;
  const found: Instance[] = [];
  if (customer !== undefined) {
    found.push(...(await listCustomerInstances(ctx, { tenant, customer })));
  } else {
    const ids =
      journey === undefined ? (await listJourneys(ctx, tenant)).map(({ id }) => id) : [journey];
    for (const id of ids) {
      for await (const instance of allJourneyInstances(ctx, { tenant, journey: id }))
        found.push(instance);
    }
  }
  return found
    .filter((instance) => journey === undefined || instance.journey === journey)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function instantOf(iso: string): number {
  const instant = Date.parse(iso);
  if (!Number.isNaN(instant)) return instant;
  throw new KalciferError('input.invalid', `"${iso}" is not an ISO 8601 instant.`);
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

const notYet = {
  migrate: () => Promise.reject(notSupported('migrate')),
  rollback: () => Promise.reject(notSupported('rollback')),
  abortMigration: () => Promise.reject(notSupported('abortMigration')),
};
