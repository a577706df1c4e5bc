/**
 * Lets one event end the waits of one instance that it meets, all of them at once (semantics 3.6, 7.11 ab). The condition on the
 * instance's row decides: the first claim wins, and waits that are over, an ended instance or an event that this instance has used
 * already are missed. A paused instance holds the event until it is resumed.
 */
import type { ReceivedEvent } from '../../nodes/node-type.ts';
import type { Refusal, Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { finishedStep } from '../steps/finish-step.ts';
import {
  addAnswer,
  leaveNode,
  nextRevision,
  parkAtNode,
  withIntervention,
} from '../steps/instance-moves.ts';
import { evaluateRule } from '../../journey/evaluate-rule.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { lookAgain } from '../look-again.ts';
import { preparedVersionOf } from '../journeys/load-version.ts';
import { resumeWait } from '../steps/park-step.ts';
import { deliverAnswer, letGo, newAnswers } from '../steps/deliver-answer.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import {
  instanceOf,
  isTerminal,
  type Instance,
  type OpenWait,
  type Token,
} from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { stepItem } from '../records/step.ts';
import { unregisterWait } from '../records/wait-registration.ts';
import { runContextOf } from '../steps/run-context.ts';
import { TryAgain } from '../steps/steering.ts';
import { moveWrites } from '../steps/step-writes.ts';

/** Waits of one instance that an event was found to concern. */
export interface MatchedWaits {
  readonly tenant: string;
  readonly instance: string;
  readonly nodes: readonly string[];
}

/**
 * @param record the record of the event, on the condition that it is new, when these waits are all that the event concerns
 * @returns how many of the waits the event has ended, or will when the instance is resumed: together, or none
 */
export async function claimWaits(
  ctx: EngineContext,
  matched: MatchedWaits,
  event: ReceivedEvent,
  record?: Write,
): Promise<number> {
  const claim = await lookAgain(async () => {
    const met = await findMetWaits(ctx, matched, event);
    if (met === undefined) return 'missed';
    return met.instance.pause === undefined
      ? endByEvent(ctx, met, record)
      : holdEvent(ctx, met, record);
  });
  if (claim === 'missed') return 0;
  if (claim.before.pause === undefined) await orLeaveToSweeper(() => deliver(ctx, claim));
  return claim.ended;
}

/** Lets the events that were held during a pause end their waits. */
export async function endHeldWaits(
  ctx: EngineContext,
  { tenant, id }: Pick<Instance, 'tenant' | 'id'>,
): Promise<void> {
  const claim = await lookAgain(async () => {
    const item = await ctx.table.get(keys.instance(tenant, id));
    const held = item === undefined ? undefined : await findHeldWaits(ctx, instanceOf(item));
    return held === undefined ? 'missed' : endByEvent(ctx, held, undefined);
  });
  if (claim !== 'missed') await deliver(ctx, claim);
}

interface MetWaits {
  readonly instance: Instance;
  readonly version: PreparedVersion;
  readonly places: readonly MetWait[];
}

/** A wait and the event that ends it. */
interface MetWait {
  readonly token: Token;
  readonly wait: OpenWait;
  readonly event: ReceivedEvent;
}

interface Claim {
  readonly before: Instance;
  readonly after: Instance;
  readonly ended: number;
}

async function findMetWaits(
  ctx: EngineContext,
  { tenant, instance: id, nodes }: MatchedWaits,
  event: ReceivedEvent,
): Promise<MetWaits | undefined> {
  const item = await ctx.table.get(keys.instance(tenant, id));
  if (item === undefined) return undefined;
  const instance = instanceOf(item);
  if (isTerminal(instance) || instance.consumed.includes(event.id)) return undefined;
  const now = ctx.clock.now();
  const places = instance.tokens.flatMap((token): MetWait[] => {
    const { wait } = token;
    if (wait?.eventType !== event.type || !nodes.includes(token.node)) return [];
    if (wait.deadline <= now || wait.held !== undefined) return [];
    if (wait.filter !== undefined && !evaluateRule(wait.filter, event.data)) return [];
    return [{ token, wait, event }];
  });
  return met(ctx, instance, places);
}

async function findHeldWaits(
  ctx: EngineContext,
  instance: Instance,
): Promise<MetWaits | undefined> {
  if (instance.pause !== undefined) return undefined;
  const places = instance.tokens.flatMap((token): MetWait[] => {
    const { wait } = token;
    return wait?.held === undefined ? [] : [{ token, wait, event: wait.held }];
  });
  return met(ctx, instance, places);
}

async function met(
  ctx: EngineContext,
  instance: Instance,
  places: readonly MetWait[],
): Promise<MetWaits | undefined> {
  if (places.length === 0) return undefined;
  return { instance, version: await preparedVersionOf(ctx, instance), places };
}

/** A paused instance keeps the event with the waits: it counts as having ended them, and takes effect when it is resumed. */
async function holdEvent(
  ctx: EngineContext,
  { instance: before, version, places }: MetWaits,
  record: Write | undefined,
): Promise<Claim | 'conflict' | 'missed'> {
  const parked = places.reduce(
    (instance, { token, wait, event }) =>
      parkAtNode(instance, version, token.node, { ...wait, held: event }),
    before,
  );
  const now = ctx.clock.now();
  const [first] = places;
  const note = `the event ${first?.event.type ?? ''} came; it takes effect when the instance is resumed`;
  const held = { kind: 'held', at: now, note } as const;
  const after = withIntervention(usedBy(before, parked, places), held);
  const answered = await ctx.table.write({
    name: 'event.hold',
    writes: [...(record === undefined ? [] : [record]), ...moveWrites({ before, after, now })],
  });
  return answered.done
    ? { before, after, ended: places.length }
    : refusal(answered.refused, record);
}

async function endByEvent(
  ctx: EngineContext,
  met: MetWaits,
  record: Write | undefined,
): Promise<Claim | 'conflict' | 'missed'> {
  const { instance: before, places } = met;
  const now = ctx.clock.now();
  let moved: Moved = { instance: before, writes: [] };
  for (const place of places) moved = await leaveWait(ctx, met, moved, place, now);
  const after = usedBy(before, moved.instance, places);
  const answered = await ctx.table.write({
    name: 'event.claim',
    writes: [
      ...(record === undefined ? [] : [record]),
      ...moveWrites({ before, after, now, leavesExecution: true, also: moved.writes }),
    ],
  });
  return answered.done
    ? { before, after, ended: places.length }
    : refusal(answered.refused, record);
}

/** An instance on its way through the waits that one event ends. */
interface Moved {
  readonly instance: Instance;
  readonly writes: readonly Write[];
}

async function leaveWait(
  ctx: EngineContext,
  { instance: before, version }: MetWaits,
  { instance, writes }: Moved,
  { token, wait, event }: MetWait,
  now: number,
): Promise<Moved> {
  const node = version.nodes.get(token.node);
  if (node === undefined) throw new Error(`This version has no node ${token.node}.`);
  const context = await runContextOf(ctx, before, node);
  const outcome = resumeWait(node, context, { kind: 'event', event });
  const branch = outcome.kind === 'branched' ? outcome.branch : undefined;
  const moved = leaveNode(instance, version, node, branch, now);
  if (moved === 'no_edge_for_branch') throw new TryAgain('The branch leads nowhere.');
  const { task } = wait;
  const answer = {
    node: node.id,
    ...(branch === undefined ? {} : { branch }),
    ...(task === undefined ? {} : { task }),
  };
  const step = finishedStep(
    { kind: 'go', instance: before, token, version, node },
    outcome,
    now,
    {},
  );
  return {
    instance: isTerminal(moved) ? moved : addAnswer(moved, answer),
    writes: [...writes, { put: stepItem(step) }, ...unregisterWait(before, node.id, wait)],
  };
}

/** One write later, with the events counted as used. */
function usedBy(before: Instance, moved: Instance, places: readonly MetWait[]): Instance {
  const events = new Set([...before.consumed, ...places.map(({ event }) => event.id)]);
  return { ...moved, revision: nextRevision(before).revision, consumed: [...events] };
}

/** The record stands first in its group: when it was refused, the event is known already. */
function refusal(refused: readonly Refusal[], record: Write | undefined): 'missed' | 'conflict' {
  return record !== undefined && refused.some(({ at }) => at === 0) ? 'missed' : 'conflict';
}

/** The decision stands whatever happens here: what does not arrive now is seen to by the sweeper. */
async function deliver(ctx: EngineContext, { before, after }: Claim): Promise<void> {
  for (const answer of newAnswers(before, after)) await deliverAnswer(ctx, after, answer);
  if (isTerminal(after)) await letGo(ctx, after);
}
