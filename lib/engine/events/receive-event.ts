/**
 * Receives an event: lets it end the waits it matches, then lets it enrol the customer. What an event concerns is decided once,
 * when it is first received, and recorded before anything is done, so that a repeated delivery finishes the work and adds nothing
 * (semantics 3.5, 3.6).
 */
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { ReceivedEvent } from '../../nodes/node-type.ts';
import type { Write } from '../../ports/table.ts';
import { claimWaits } from './claim-waits.ts';
import { checkEvent } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { enrol } from '../enrolment/enrol.ts';
import { leaveByEvent } from '../instances/exit-by-criteria.ts';
import { matchEvent } from './match-event.ts';
import { eventInstanceId } from '../instances/instance-id.ts';
import { keys } from '../records/keys.ts';
import { isExitWatch } from '../records/exit-watch.ts';
import {
  receivedEventItem,
  receivedEventOf,
  type EventPlan,
  type ReceivedEventRecord,
} from '../records/received-event.ts';

export interface EventRequest {
  readonly tenant: string;
  readonly customer: string;
  readonly type: string;
  readonly data?: JsonObject;
  /** Callers who repeat a delivery must give one; without it, every delivery is an event of its own. */
  readonly id?: string;
}

export interface EventAnswer {
  /** Id under which the event is known. */
  readonly event: string;
  /** Waits that this delivery ended, and instances that it took out. */
  readonly routed: number;
  /** Instances that this delivery created. */
  readonly enrolled: readonly string[];
}

/** @throws KalciferError `input.invalid` for missing or blank ids; nothing is stored then */
export async function receiveEvent(
  ctx: EngineContext,
  request: EventRequest,
): Promise<EventAnswer> {
  checkEvent(request);
  const { tenant, customer } = request;
  const now = ctx.clock.now();
  const event: ReceivedEvent = {
    id: request.id ?? ctx.ids.next(now),
    type: request.type,
    data: request.data ?? {},
  };
  const seen = request.id === undefined ? undefined : await readSeen(ctx, tenant, event.id);
  if (seen !== undefined) return repeat(ctx, { tenant, customer, event, at: seen.at }, seen);

  const plan = await matchEvent(ctx, tenant, customer, event);
  const received: Received = { tenant, customer, event, at: now };
  return countOf(plan) === 1 ? carryOutOne(ctx, received, plan) : carryOutMany(ctx, received, plan);
}

interface Received {
  readonly tenant: string;
  readonly customer: string;
  readonly event: ReceivedEvent;
  /** Epoch milliseconds of the first delivery. */
  readonly at: number;
}

/** The usual case: the event is recorded in the same group as the one thing it does. */
async function carryOutOne(
  ctx: EngineContext,
  received: Received,
  plan: EventPlan,
): Promise<EventAnswer> {
  const answer = await carryOut(ctx, received, plan, recordWrite(received, undefined));
  if (answer.routed + answer.enrolled.length === 0) await record(ctx, received, undefined);
  return answer;
}

/** What has to be done is recorded first, so that a death half-way leaves it for the next delivery. */
async function carryOutMany(
  ctx: EngineContext,
  received: Received,
  plan: EventPlan,
): Promise<EventAnswer> {
  const nothing = countOf(plan) === 0;
  const recorded = await record(ctx, received, nothing ? undefined : plan);
  if (recorded === 'first') {
    return nothing ? nothingDone(received) : finishPlan(ctx, received, plan);
  }
  const seen = await readSeen(ctx, received.tenant, received.event.id);
  return seen === undefined ? nothingDone(received) : repeat(ctx, received, seen);
}

/** A later delivery finishes what the first one planned, and matches nothing new. */
async function repeat(
  ctx: EngineContext,
  received: Received,
  seen: ReceivedEventRecord,
): Promise<EventAnswer> {
  if (seen.plan === undefined) return nothingDone(received);
  return finishPlan(ctx, { ...received, at: seen.at }, seen.plan);
}

async function finishPlan(
  ctx: EngineContext,
  received: Received,
  plan: EventPlan,
): Promise<EventAnswer> {
  const answer = await carryOut(ctx, received, plan, undefined);
  const { tenant, event, at } = received;
  await ctx.table.write({
    name: 'event.finish',
    writes: [{ put: receivedEventItem(tenant, event.id, { at }) }],
  });
  return answer;
}

/**
 * Waits first, then entries. Exit watches come before other waits: an event that takes the customer out ends no wait any more
 * (semantics 3.3).
 */
async function carryOut(
  ctx: EngineContext,
  received: Received,
  plan: EventPlan,
  record: Write | undefined,
): Promise<EventAnswer> {
  const { tenant, customer, event, at } = received;
  let routed = 0;
  for (const wait of watchesOf(plan)) {
    const left = await leaveByEvent(ctx, { tenant, instance: wait.instance }, event, record);
    if (left === 'claimed') routed += 1;
  }
  for (const [instance, nodes] of waitsByInstance(plan)) {
    routed += await claimWaits(ctx, { tenant, instance, nodes }, event, record);
  }
  const enrolled: string[] = [];
  for (const { journey, node } of plan.entries) {
    const instance = eventInstanceId(tenant, journey, event.id, at);
    const entered = await enter(
      ctx,
      { tenant, journey, customer, entry: node, event, instance },
      record,
    );
    if (entered) enrolled.push(instance);
  }
  return { event: event.id, routed, enrolled };
}

function watchesOf({ waits }: EventPlan): EventPlan['waits'] {
  return waits.filter(isExitWatch);
}

/** The waits of one instance are one decision: an event that ends several of them ends all (semantics 7.11 ab). */
function waitsByInstance({ waits }: EventPlan): ReadonlyMap<string, readonly string[]> {
  const byInstance = new Map<string, readonly string[]>();
  for (const wait of waits) {
    if (isExitWatch(wait)) continue;
    byInstance.set(wait.instance, [...(byInstance.get(wait.instance) ?? []), wait.node]);
  }
  return byInstance;
}

/** How many decisions it takes. */
function countOf(plan: EventPlan): number {
  return watchesOf(plan).length + waitsByInstance(plan).size + plan.entries.length;
}

/** An event that finds the journey closed, or closed for this customer, is passed over in silence (semantics 3.8). */
async function enter(
  ctx: EngineContext,
  request: Parameters<typeof enrol>[1],
  record: Write | undefined,
): Promise<boolean> {
  try {
    await enrol(ctx, request, record);
    return true;
  } catch (error) {
    if (error instanceof KalciferError && silentRefusals.has(error.code)) return false;
    throw error;
  }
}

const silentRefusals: ReadonlySet<string> = new Set([
  'customer.capped',
  'instance.already_in_journey',
  'instance.reentry_refused',
  'journey.not_active',
  'journey.unknown',
]);

async function record(
  ctx: EngineContext,
  received: Received,
  plan: EventPlan | undefined,
): Promise<'first' | 'seen'> {
  const answer = await ctx.table.write({
    name: 'event.receive',
    writes: [recordWrite(received, plan)],
  });
  return answer.done ? 'first' : 'seen';
}

function recordWrite({ tenant, event, at }: Received, plan: EventPlan | undefined): Write {
  const row = plan === undefined ? { at } : { at, plan };
  return { put: receivedEventItem(tenant, event.id, row), if: 'absent' };
}

async function readSeen(
  ctx: EngineContext,
  tenant: string,
  event: string,
): Promise<ReceivedEventRecord | undefined> {
  const item = await ctx.table.get(keys.event(tenant, event));
  return item === undefined ? undefined : receivedEventOf(item);
}

function nothingDone(received: Received): EventAnswer {
  return { event: received.event.id, routed: 0, enrolled: [] };
}
