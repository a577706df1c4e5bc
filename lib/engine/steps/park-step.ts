/**
 * Parks a step: the wait is registered in one group with the instance, so that from then on an event finds it and nothing that
 * happened before does (semantics 3.6).
 */
import type { RunContext, Trigger, WaitSpec } from '../../nodes/node-type.ts';
import type { NodeRun } from './begin-step.ts';
import type { EngineContext } from '../engine-context.ts';
import { finishStep, startedStep, type Finished } from './finish-step.ts';
import { parkAtNode, withoutAnswersBefore } from './instance-moves.ts';
import type { PreparedNode } from '../journeys/prepared-version.ts';
import type { OpenWait } from '../records/instance.ts';
import { registerWait, unregisterWait } from '../records/wait-registration.ts';
import { runContextOf } from './run-context.ts';
import type { Conflict } from '../look-again.ts';
import type { Going, NodeAnswer, Parked } from './run-node.ts';
import { moveWrites } from './step-writes.ts';

/** Registers the wait; a deadline that has passed already is over at once. */
export async function parkStep(
  ctx: EngineContext,
  run: NodeRun,
  begun: Going,
  spec: WaitSpec,
  context: RunContext,
): Promise<NodeAnswer | Parked | Conflict> {
  if (spec.deadline <= context.now) {
    return finishStep(ctx, begun, waitIsOver(begun.node, spec.event !== undefined, context));
  }
  const wait: OpenWait = {
    deadline: spec.deadline,
    since: context.now,
    ...(spec.event ?? {}),
    ...(run.token === undefined ? {} : { task: run.token }),
  };
  const before = begun.instance;
  const after = parkAtNode(before, begun.version, begun.node.id, wait);
  const answer = await ctx.table.write({
    name: 'wait.register',
    writes: moveWrites({
      before,
      after: withoutAnswersBefore(after, begun.version, begun.node.id),
      step: { ...startedStep(begun, context.now), status: 'waiting' },
      now: context.now,
      also: registerWait(after, begun.node.id, wait),
    }),
  });
  return answer.done ? { deadline: wait.deadline } : 'conflict';
}

/** The wait is registered already: a retried task has a new token, and the last one of an epoch is the one to answer. */
export async function reattachWait(
  ctx: EngineContext,
  run: NodeRun,
  begun: Going,
): Promise<NodeAnswer | Parked | Conflict> {
  const wait = begun.token.wait;
  if (wait === undefined) throw new Error(`Step ${run.node} waits, but the instance does not.`);
  const parked: Parked = { deadline: wait.deadline };
  if (run.token === undefined) return parked;
  if (wait.deadline <= ctx.clock.now()) return endWait(ctx, begun, wait);
  if (wait.task === run.token) return parked;
  const before = begun.instance;
  const after = parkAtNode(before, begun.version, begun.node.id, {
    ...wait,
    task: run.token,
  });
  const answer = await ctx.table.write({
    name: 'wait.reattach',
    writes: moveWrites({ before, after, now: ctx.clock.now() }),
  });
  return answer.done ? parked : 'conflict';
}

/** The time of a registered wait is over: its step ends as the node's type says. */
export async function endWait(
  ctx: EngineContext,
  begun: Going,
  wait: OpenWait,
): Promise<NodeAnswer | Conflict> {
  const context = await runContextOf(ctx, begun.instance, begun.node);
  const outcome =
    wait.held === undefined
      ? waitIsOver(begun.node, wait.eventType !== undefined, context)
      : resumeWait(begun.node, context, { kind: 'event', event: wait.held });
  return finishStep(ctx, begun, outcome, {
    also: unregisterWait(begun.instance, begun.node.id, wait),
  });
}

/** What a wait comes to when its time is over. A timer on an event wait is always the timeout (semantics 5, N7). */
function waitIsOver(node: PreparedNode, forEvent: boolean, context: RunContext): Finished {
  return resumeWait(node, context, { kind: forEvent ? 'timeout' : 'timer' });
}

/** @throws Error when the type breaks its promise to end its own waits */
export function resumeWait(node: PreparedNode, context: RunContext, trigger: Trigger): Finished {
  const outcome = node.type.resume?.(node.config, context, trigger);
  switch (outcome?.kind) {
    case 'completed':
    case 'branched':
    case 'ended':
      return outcome;
    default:
      throw new Error(`Node type ${node.type.type} did not end its wait on ${trigger.kind}.`);
  }
}
