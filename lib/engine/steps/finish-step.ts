/** Ends a step: one group of writes records its outcome and moves the instance on, or nothing happens. */
import type { Outcome } from '../../nodes/node-type.ts';
import { changeProfile } from '../customers/change-profile.ts';
import { cutOff } from './cut-off.ts';
import { deliverAnswer, letGo, newAnswers } from './deliver-answer.ts';
import type { EngineContext } from '../engine-context.ts';
import { endInstance, leaveNode, nextRevision, withoutAnswersBefore } from './instance-moves.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { isTerminal, type Instance } from '../records/instance.ts';
import { moveProfile, readProfile, type ProfileMove } from '../customers/profile-change.ts';
import type { Send, Step } from '../records/step.ts';
import type { Conflict } from '../look-again.ts';
import type { Going, NodeAnswer } from './run-node.ts';
import { failed } from './steering.ts';
import { conversionOf, moveWrites } from './step-writes.ts';
import type { Write } from '../../ports/table.ts';

export type Finished = Extract<Outcome, { kind: 'completed' | 'branched' | 'ended' }>;

/** What the end of a step carries besides the node's outcome. */
export interface StepExtras {
  readonly send?: Send;
  /** Writes that belong to the same decision. */
  readonly also?: readonly Write[];
}

/** @throws Steering `Kalcifer.Failed` when the produced branch leads nowhere (semantics T3) */
export async function finishStep(
  ctx: EngineContext,
  begun: Going,
  outcome: Finished,
  extras: StepExtras = {},
): Promise<NodeAnswer | Conflict> {
  const now = ctx.clock.now();
  const branch = outcome.kind === 'branched' ? outcome.branch : undefined;
  const before = begun.instance;
  const after =
    outcome.kind === 'ended'
      ? endInstance(nextRevision(before), 'completed', now, outcome.reason)
      : leaveNode(before, begun.version, begun.node, branch, now);
  if (after === 'no_edge_for_branch') {
    return failStep(ctx, begun, {
      code: 'no_edge_for_branch',
      detail: `No edge leaves this node with branch "${branch ?? ''}".`,
    });
  }
  const step = finishedStep(begun, outcome, now, extras);
  const change = await profileMove(ctx, before, outcome.effects ?? [], now);
  const moved = withoutAnswersBefore(after, begun.version, begun.node.id);
  const answer = await ctx.table.write({
    name: outcome.kind === 'ended' ? 'instance.end' : 'step.finish',
    writes: moveWrites({
      before,
      after: moved,
      step,
      now,
      leavesExecution: before.joins !== undefined,
      also: [
        ...(extras.also ?? []),
        ...(change?.writes ?? []),
        ...(isTerminal(moved) ? await cutOff(ctx, before, now, begun.node.id) : []),
      ],
    }),
  });
  if (!answer.done) return 'conflict';
  await change?.follow();
  if (before.joins !== undefined) await orLeaveToSweeper(() => tellJoins(ctx, before, moved));
  return branch === undefined ? {} : { branch };
}

/** Joins that wait aside hear that they run, or that nobody comes any more. */
async function tellJoins(ctx: EngineContext, before: Instance, after: Instance): Promise<void> {
  for (const answer of newAnswers(before, after)) await deliverAnswer(ctx, after, answer);
  if (isTerminal(after)) await letGo(ctx, after);
}

/** Records the failure and fails the instance with it, wherever else it is (semantics T9). */
export async function failStep(
  ctx: EngineContext,
  begun: Going,
  failure: { readonly code: string; readonly detail: string },
  extras: StepExtras = {},
): Promise<Conflict> {
  const now = ctx.clock.now();
  const before = begun.instance;
  const after = endInstance(nextRevision(before), 'failed', now, failure.code);
  const step: Step = {
    ...startedStep(begun, now),
    ...sendOf(extras),
    status: 'failed',
    notes: [failure.detail],
    endedAt: now,
  };
  const answer = await ctx.table.write({
    name: 'instance.fail',
    writes: moveWrites({
      before,
      after,
      step,
      now,
      also: [
        ...(extras.also ?? []),
        ...(isTerminal(after) ? await cutOff(ctx, before, now, begun.node.id) : []),
      ],
    }),
  });
  if (!answer.done) return 'conflict';
  throw failed(`Node ${begun.node.id} failed: ${failure.code}.`);
}

export function finishedStep(
  begun: Going,
  outcome: Finished,
  now: number,
  extras: StepExtras,
): Step {
  const { result, notes } = outcome;
  const conversion = conversionOf(outcome.effects ?? []);
  const step: Writable<Step> = { ...startedStep(begun, now), status: 'completed', endedAt: now };
  // Field by field: this is done for every step, and spreading what may be absent takes many times as long.
  if (extras.send !== undefined) step.send = extras.send;
  if (outcome.kind === 'branched') step.branch = outcome.branch;
  if (result !== undefined) step.result = result;
  if (notes !== undefined && notes.length > 0) step.notes = notes;
  if (conversion !== undefined) step.conversion = conversion;
  return step;
}

type Writable<Row> = { -readonly [Field in keyof Row]: Row[Field] };

/** The fields that every step of this run has from its start. */
export function startedStep(
  begun: Going,
  now: number,
): Pick<Step, 'tenant' | 'instance' | 'node' | 'version' | 'startedAt'> {
  return {
    tenant: begun.instance.tenant,
    instance: begun.instance.id,
    node: begun.node.id,
    version: begun.step?.version ?? begun.instance.version,
    startedAt: begun.step?.startedAt ?? begun.token.wait?.since ?? now,
  };
}

function sendOf(extras: StepExtras): Pick<Step, 'send'> {
  return extras.send === undefined ? {} : { send: extras.send };
}

/** What the node's effects do to the profile; undefined when they change nothing. */
async function profileMove(
  ctx: EngineContext,
  { tenant, customer, id }: Instance,
  effects: NonNullable<Finished['effects']>,
  now: number,
): Promise<ProfileMove | undefined> {
  if (!effects.some((effect) => effect.kind !== 'convert')) return undefined;
  const read = await readProfile(ctx, { tenant, customer });
  const changed = changeProfile(read.profile, effects);
  return changed === read.profile ? undefined : moveProfile(ctx, read, changed, now, id);
}
