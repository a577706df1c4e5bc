/**
 * Enrols a customer in a journey: the lock and the instance are written in one group, so there is at most one live instance per
 * tenant, journey and customer; then the execution starts (semantics 3.8). A crash in between is repaired by the sweeper.
 */
import type { Reentry } from '../../journey/journey-settings.ts';
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { Write } from '../../ports/table.ts';
import { checkEnrolment } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { activeVersionOf } from '../journeys/load-version.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import { exitWatchFor, registerExitWatch } from '../records/exit-watch.ts';
import { instanceItem, type EntryEvent, type Instance } from '../records/instance.ts';
import { journeyOf, type Journey } from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { claimMembership, membershipOf } from '../records/membership.ts';
import { promise } from '../records/promise.ts';
import { refuseIfCapped, refuseReentry } from './refuse-entry.ts';
import { startExecution } from './start-execution.ts';

export interface EnrolRequest {
  readonly tenant: string;
  readonly journey: string;
  readonly customer: string;
  /** The entry node; without it, the first one in graph order. */
  readonly entry?: string;
  readonly context?: JsonObject;
  /** The event that opened the entry. */
  readonly event?: EntryEvent;
  /** The id to use, when the caller can name the enrolment; a second one with the same id is refused. */
  readonly instance?: string;
}

/**
 * @param record a write that belongs to the same decision
 * @throws KalciferError `input.invalid`, `journey.unknown`, `journey.not_active`, `journey.entry_unknown`,
 *   `customer.capped`, `instance.already_in_journey`, `instance.reentry_refused`
 */
export async function enrol(
  ctx: EngineContext,
  request: EnrolRequest,
  record?: Write,
): Promise<{ readonly instance: string }> {
  checkEnrolment(request);
  const { tenant, customer } = request;
  const journey = await openJourney(ctx, tenant, request.journey);
  const version = await activeVersionOf(ctx, journey);
  const now = ctx.clock.now();
  const entry = entryNode(version, request);
  await refuseIfCapped(ctx, { ...request, entry }, version);
  const exitWatch = exitWatchFor(version.exit);
  const instance: Instance = {
    tenant,
    id: request.instance ?? ctx.ids.next(now),
    journey: journey.id,
    version: journey.activeVersion,
    customer,
    entry,
    status: 'pending',
    epoch: 1,
    revision: 1,
    tokens: [{ node: entry }],
    answers: [],
    consumed: [],
    ...(request.event === undefined ? {} : { event: request.event }),
    ...(request.context === undefined ? {} : { context: request.context }),
    ...(exitWatch === undefined ? {} : { exitWatch }),
    enteredAt: now,
  };
  await takePlace(ctx, instance, version.settings.reentry, record);
  await orLeaveToSweeper(() => startExecution(ctx, instance));
  return { instance: instance.id };
}

async function takePlace(
  ctx: EngineContext,
  instance: Instance,
  reentry: Reentry,
  record: Write | undefined,
): Promise<void> {
  const { tenant, customer, journey, enteredAt: now } = instance;
  const item = await ctx.table.get(keys.membership(tenant, customer, journey));
  const last = item === undefined ? undefined : membershipOf(item);
  if (last?.live === true) throw alreadyInJourney(instance);
  if (last !== undefined) refuseReentry(reentry, last, instance);
  const entered = last === undefined ? instance : { ...instance, previous: last.instance };
  const answer = await ctx.table.write({
    name: 'instance.enrol',
    writes: [
      claimMembership(instance, last),
      { put: instanceItem(entered), if: 'absent' },
      promise(instance, now),
      ...registerExitWatch(instance),
      ...(record === undefined ? [] : [record]),
    ],
  });
  if (!answer.done) throw alreadyInJourney(instance);
}

/** @throws KalciferError `journey.unknown`, `journey.not_active` */
export async function openJourney(
  ctx: EngineContext,
  tenant: string,
  id: string,
): Promise<Journey & { readonly activeVersion: number }> {
  const item = await ctx.table.get(keys.journey(tenant, id));
  if (item === undefined)
    throw new KalciferError('journey.unknown', `There is no journey "${id}".`);
  const journey = journeyOf(tenant, item);
  const { activeVersion } = journey;
  if (journey.status !== 'active' || activeVersion === undefined) {
    const state = journey.status === 'active' ? 'without a version' : journey.status;
    throw new KalciferError(
      'journey.not_active',
      `Journey "${id}" is ${state}: it takes nobody in.`,
    );
  }
  return { ...journey, activeVersion };
}

function entryNode(version: PreparedVersion, request: EnrolRequest): string {
  const entries = [...version.nodes.values()].filter((node) => node.type.entry !== undefined);
  const entry =
    request.entry === undefined ? entries[0] : entries.find((node) => node.id === request.entry);
  if (entry !== undefined) return entry.id;
  throw new KalciferError(
    'journey.entry_unknown',
    `Journey "${request.journey}" has no entry node "${request.entry ?? ''}".`,
    { data: { entries: entries.map((node) => node.id) } },
  );
}

function alreadyInJourney(instance: Instance): KalciferError {
  return new KalciferError(
    'instance.already_in_journey',
    `The customer is in journey "${instance.journey}" already.`,
  );
}
