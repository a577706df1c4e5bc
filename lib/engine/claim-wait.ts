/**
 * Lets one event end one wait (semantics 3.6). The condition on the instance's row decides: the first claim wins, and a wait that
 * is over, an ended instance or an event that this instance has used already answer `missed`.
 */
import type { ReceivedEvent } from '../nodes/node-type.ts';
import type { Refusal, Write } from '../ports/table.ts';
import type { EngineContext } from './engine-context.ts';
import { finishedStep, type Finished } from './finish-step.ts';
import { addAnswer, leaveNode, parkAtNode } from './instance-moves.ts';
import { evaluateRule } from '../journey/evaluate-rule.ts';
import { orLeaveToSweeper } from './leave-to-sweeper.ts';
import { lookAgain } from './look-again.ts';
import { preparedVersionOf } from './load-version.ts';
import { resumeWait } from './park-step.ts';
import { deliverAnswer, letGo } from './deliver-answer.ts';
import {
  instanceOf,
  isTerminal,
  type Answer,
  type Instance,
  type OpenWait,
} from './records/instance.ts';
import { keys } from './records/keys.ts';
import type { WaitRegistration } from './records/wait-registration.ts';
import { unregisterWait } from './records/wait-registration.ts';
import { runContextOf } from './run-context.ts';
import type { Going } from './run-node.ts';
import { TryAgain } from './steering.ts';
import { moveWrites } from './step-writes.ts';

/** @param record the record of the event, on the condition that it is new, when this wait is all that the event concerns */
export async function claimWait(
  ctx: EngineContext,
  tenant: string,
  registration: WaitRegistration,
  event: ReceivedEvent,
  record?: Write,
): Promise<'claimed' | 'missed'> {
  const claim = await lookAgain(async () => {
    const open = await findOpenWait(ctx, tenant, registration, event);
    if (open === undefined) return 'missed';
    return open.begun.instance.pause === undefined
      ? endByEvent(ctx, open, event, record)
      : holdEvent(ctx, open, event, record);
  });
  if (claim === 'missed') return 'missed';
  if (claim !== 'held') await orLeaveToSweeper(() => deliver(ctx, claim.after, claim.answer));
  return 'claimed';
}

/** Lets the events that were held during a pause end their waits. A death half-way leaves the rest to the sweeper. */
export async function endHeldWaits(
  ctx: EngineContext,
  { tenant, id, tokens }: Instance,
): Promise<void> {
  for (let ended = 0; ended < tokens.length; ended++) {
    const claim = await lookAgain(async () => {
      const item = await ctx.table.get(keys.instance(tenant, id));
      const held = item === undefined ? undefined : await findHeldWait(ctx, instanceOf(item));
      return held === undefined ? 'missed' : endByEvent(ctx, held, held.event, undefined);
    });
    if (claim === 'missed') return;
    await deliver(ctx, claim.after, claim.answer);
  }
}

interface Claim {
  readonly after: Instance;
  readonly answer?: Answer;
}

interface Open {
  readonly begun: Going;
  readonly wait: OpenWait;
}

async function findOpenWait(
  ctx: EngineContext,
  tenant: string,
  registration: WaitRegistration,
  event: ReceivedEvent,
): Promise<Open | undefined> {
  const item = await ctx.table.get(keys.instance(tenant, registration.instance));
  if (item === undefined) return undefined;
  const instance = instanceOf(item);
  const token = instance.tokens.find((candidate) => candidate.node === registration.node);
  const wait = token?.wait;
  if (token === undefined || wait?.eventType !== event.type || isTerminal(instance))
    return undefined;
  if (instance.consumed.includes(event.id) || wait.deadline <= ctx.clock.now()) return undefined;
  if (wait.held !== undefined) return undefined;
  if (wait.filter !== undefined && !evaluateRule(wait.filter, event.data)) return undefined;
  const version = await preparedVersionOf(ctx, instance);
  const node = version.nodes.get(registration.node);
  if (node === undefined) return undefined;
  return { begun: { kind: 'go', instance, token, version, node }, wait };
}

async function findHeldWait(
  ctx: EngineContext,
  instance: Instance,
): Promise<(Open & { readonly event: ReceivedEvent }) | undefined> {
  if (instance.pause !== undefined) return undefined;
  const token = instance.tokens.find(({ wait }) => wait?.held !== undefined);
  const { wait } = token ?? {};
  if (token === undefined || wait?.held === undefined) return undefined;
  const version = await preparedVersionOf(ctx, instance);
  const node = version.nodes.get(token.node);
  if (node === undefined) return undefined;
  return { begun: { kind: 'go', instance, token, version, node }, wait, event: wait.held };
}

/** A paused instance keeps the event with the wait: it counts as having ended it, and takes effect when it is resumed. */
async function holdEvent(
  ctx: EngineContext,
  { begun, wait }: Open,
  event: ReceivedEvent,
  record: Write | undefined,
): Promise<'held' | 'conflict' | 'missed'> {
  const { instance: before, node } = begun;
  const parked = parkAtNode(before, node.id, { ...wait, held: event });
  const after: Instance = { ...parked, consumed: [...parked.consumed, event.id] };
  const answered = await ctx.table.write({
    name: 'event.hold',
    writes: [
      ...(record === undefined ? [] : [record]),
      ...moveWrites({ before, after, now: ctx.clock.now() }),
    ],
  });
  return answered.done ? 'held' : refusal(answered.refused, record);
}

async function endByEvent(
  ctx: EngineContext,
  { begun, wait }: Open,
  event: ReceivedEvent,
  record: Write | undefined,
): Promise<Claim | 'conflict' | 'missed'> {
  const { instance, node } = begun;
  const context = await runContextOf(ctx, instance, node);
  const outcome: Finished = resumeWait(node, context, { kind: 'event', event });
  const branch = outcome.kind === 'branched' ? outcome.branch : undefined;
  const moved = leaveNode(instance, node, branch, context.now);
  if (moved === 'no_edge_for_branch') throw new TryAgain('The branch leads nowhere.');
  const used = moved.consumed.filter((id) => id !== event.id);
  const consumed: Instance = { ...moved, consumed: [...used, event.id] };
  const answer: Answer | undefined =
    wait.task === undefined
      ? undefined
      : { node: node.id, task: wait.task, ...(branch === undefined ? {} : { branch }) };
  const after =
    answer === undefined || isTerminal(consumed) ? consumed : addAnswer(consumed, answer);
  const writes: readonly Write[] = [
    ...(record === undefined ? [] : [record]),
    ...moveWrites({
      before: instance,
      after,
      step: finishedStep(begun, outcome, context.now, {}),
      now: context.now,
      leavesExecution: true,
      also: unregisterWait(instance, node.id, wait),
    }),
  ];
  const answered = await ctx.table.write({ name: 'event.claim', writes });
  if (!answered.done) return refusal(answered.refused, record);
  return { after, ...(answer === undefined ? {} : { answer }) };
}

/** The record stands first in its group: when it was refused, the event is known already. */
function refusal(refused: readonly Refusal[], record: Write | undefined): 'missed' | 'conflict' {
  return record !== undefined && refused.some(({ at }) => at === 0) ? 'missed' : 'conflict';
}

/** The decision stands whatever happens here: what does not arrive now is seen to by the sweeper. */
async function deliver(
  ctx: EngineContext,
  instance: Instance,
  answer: Answer | undefined,
): Promise<void> {
  if (answer !== undefined) await deliverAnswer(ctx, answer);
  if (isTerminal(instance)) await letGo(ctx, instance);
}
