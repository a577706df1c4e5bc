/**
 * Lets one event end one wait (semantics 3.6). The condition on the instance's row decides: the first claim wins, and a wait that
 * is over, an ended instance or an event that this instance has used already answer `missed`.
 */
import type { ReceivedEvent } from '../nodes/node-type.ts';
import type { Write } from '../ports/table.ts';
import type { EngineContext } from './engine-context.ts';
import { finishedStep, type Finished } from './finish-step.ts';
import { addAnswer, leaveNode } from './instance-moves.ts';
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
    return open === undefined ? 'missed' : claimOnce(ctx, open, event, record);
  });
  if (claim === 'missed') return 'missed';
  await orLeaveToSweeper(() => deliver(ctx, claim.after, claim.answer));
  return 'claimed';
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
  if (wait.filter !== undefined && !evaluateRule(wait.filter, event.data)) return undefined;
  const version = await preparedVersionOf(ctx, instance);
  const node = version.nodes.get(registration.node);
  if (node === undefined) return undefined;
  return { begun: { kind: 'go', instance, token, version, node }, wait };
}

async function claimOnce(
  ctx: EngineContext,
  { begun, wait }: Open,
  event: ReceivedEvent,
  record: Write | undefined,
): Promise<{ readonly after: Instance; readonly answer?: Answer } | 'conflict' | 'missed'> {
  const { instance, node } = begun;
  const context = await runContextOf(ctx, instance, node);
  const outcome: Finished = resumeWait(node, context, { kind: 'event', event });
  const branch = outcome.kind === 'branched' ? outcome.branch : undefined;
  const moved = leaveNode(instance, node, branch, context.now);
  if (moved === 'no_edge_for_branch') throw new TryAgain('The branch leads nowhere.');
  const consumed: Instance = { ...moved, consumed: [...moved.consumed, event.id] };
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
  if (!answered.done) {
    const eventIsKnown = record !== undefined && answered.refused.some(({ at }) => at === 0);
    return eventIsKnown ? 'missed' : 'conflict';
  }
  return { after, ...(answer === undefined ? {} : { answer }) };
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
