/**
 * `kalcifer/testkit`: runs journeys for real on a virtual clock: the compiled state machine, the embedded executor, the engine and
 * the table on disk, with channels that record instead of sending. Thirty days pass in milliseconds; the process can be killed at
 * any named point and started again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCustomer } from '../engine/customers/customers.ts';
import { nextScheduleAt, runSchedules } from '../engine/segments/run-schedules.ts';
import { promiseAgeMs } from '../engine/sweep.ts';
import { parseDuration } from '../journey/duration.ts';
import { spellInstant } from '../journey/instant.ts';
import { KalciferError } from '../kalcifer-error.ts';
import type { EngineContext } from '../engine/engine-context.ts';
import { arrivals } from './arrivals.ts';
import { fakeProvider, type FakeProvider } from './fake-channel.ts';
import { killPointNames } from './kill-points.ts';
import { find, matching, running, type KitState } from './kit-state.ts';
import { notYet, verbs } from './kit-verbs.ts';
import {
  conversionViews,
  deliveryViews,
  instanceView,
  sendView,
  stepViews,
  type ConversionView,
} from './kit-views.ts';
import { countLeftovers } from './leftovers.ts';
import { passTime } from './pass-time.ts';
import { seededChance, seededIds } from './seeded-chance.ts';
import { segmentStoreSwitch } from './segment-store-switch.ts';
import { recover, startProcess, sweepAll, type World } from './test-process.ts';
import type { Testkit, TestkitOptions } from './testkit-interface.ts';
import { virtualClock } from './virtual-clock.ts';

export { KalciferError } from '../kalcifer-error.ts';
export type * from './testkit-interface.ts';

/** A test kit on a fresh folder, or on what an earlier one left in `dir`. */
export async function createTestkit(options: TestkitOptions = {}): Promise<Testkit> {
  return createWatchedTestkit(options);
}

/** @internal For tests of what follows from the writes of the table. */
export async function createWatchedTestkit(
  options: TestkitOptions,
  watch: Pick<World, 'onWritten'> = {},
): Promise<Testkit> {
  const folder = options.dir ?? (await mkdtemp(join(tmpdir(), 'kalcifer-testkit-')));
  const chance = seededChance(options.seed ?? 1);
  const clock = virtualClock(instantOf(options.start ?? '2026-01-01T00:00:00Z'));
  const problems: unknown[] = [];
  const world: World = {
    folder,
    clock,
    chance,
    ids: seededIds(chance),
    arrivals: arrivals(),
    providers: new Map(
      channelNames.map((name) => [name, fakeProvider(clock, { idempotent: name === 'webhook' })]),
    ),
    onError: (error) => problems.push(error),
    segmentStore: segmentStoreSwitch(),
    ...watch,
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

const channelNames = ['email', 'sms', 'push', 'whatsapp', 'in_app', 'webhook'];

function time(state: KitState): Pick<Testkit, 'advance' | 'settle' | 'now'> {
  const settle = (): Promise<void> => running(state, () => state.process.settle());
  const { clock } = state.world;
  return {
    settle,
    now: () => spellInstant(clock.now()),
    advance: async (duration) => {
      const parsed = parseDuration(duration);
      if ('problem' in parsed) {
        throw new KalciferError('input.invalid', `The duration ${parsed.problem}.`);
      }
      const end = clock.now() + parsed.ms;
      if (state.process.crash.happened()) {
        // Nothing becomes due for a process that is not there; the next one finds out how late it is.
        clock.moveTo(end);
        return;
      }
      const nextAt = (): Promise<number | undefined> => nextScheduleAt(state.process);
      const runDue = (): Promise<number> => running(state, () => runSchedules(state.process.ctx));
      await passTime({ clock, settle, nextScheduleAt: nextAt, runSchedules: runDue }, end);
      await running(state, () => sweepAll(state.process.ctx, promiseAgeMs));
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
    instances: async (of) => (await matching(state, see(), of)).map(({ id }) => id),
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
      for (const instance of await matching(state, see(), of)) {
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

type Death = Pick<
  Testkit,
  'channel' | 'segmentStore' | 'killAt' | 'kill' | 'restart' | 'killPoints'
>;

function death(state: KitState): Death {
  return {
    channel: (name) => {
      const provider = providerOf(state, name);
      return { next: (answer, times = 1) => provider.next(answer, times) };
    },
    segmentStore: (turn) => state.world.segmentStore.turn(turn),
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

function instantOf(iso: string): number {
  const instant = Date.parse(iso);
  if (!Number.isNaN(instant)) return instant;
  throw new KalciferError('input.invalid', `"${iso}" is not an ISO 8601 instant.`);
}
