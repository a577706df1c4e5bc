/**
 * What becomes of the places a customer is in when the instance ends (semantics T7, T9): waits are cancelled, messages that have
 * not left are called off, and one that is being sent counts as handed over and is recorded when its provider answers. Of one whose
 * sender is gone, nobody can tell.
 */
import type { Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { mayStillBeSending } from '../sends/may-still-be-sending.ts';
import { instanceOf, isTerminal, type Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { stepItem, stepOf, type Send, type Step } from '../records/step.ts';

/**
 * Writes that belong to the group that ends the instance.
 *
 * @param before as it was read
 * @param node the node whose step ends the instance, if one does
 */
export async function cutOff(
  ctx: EngineContext,
  before: Instance,
  now: number,
  node?: string,
): Promise<readonly Write[]> {
  const { tenant, id: instance, version } = before;
  const others = before.tokens.filter((token) => token.node !== node);
  const writes = await Promise.all(
    others.map(async (token): Promise<readonly Write[]> => {
      if (token.wait === undefined) return cutOffRun(ctx, before, token.node, now);
      const times = { startedAt: token.wait.since, endedAt: now };
      const place = { tenant, instance, node: token.node, version };
      return [{ put: stepItem({ ...place, status: 'cancelled', ...times }) }];
    }),
  );
  return writes.flat();
}

/** A message that did not leave, of an instance that ended meanwhile, is not tried again. */
export async function callOffIfEnded(ctx: EngineContext, retrying: Step): Promise<void> {
  const item = await ctx.table.get(keys.instance(retrying.tenant, retrying.instance));
  if (item === undefined || !isTerminal(instanceOf(item))) return;
  const writes = callOff(retrying, ctx.clock.now());
  await ctx.table.write({ name: 'send.release', writes });
}

/** A step that has claimed nothing leaves no trace: whoever would begin it finds the instance ended. */
async function cutOffRun(
  ctx: EngineContext,
  { tenant, id }: Instance,
  node: string,
  now: number,
): Promise<readonly Write[]> {
  const key = keys.step(tenant, id, node);
  const item = await ctx.table.get(key);
  const step = item === undefined ? undefined : stepOf(item);
  if (step?.status === 'retrying') return callOff(step, now);
  if (step?.status !== 'sending') return [];
  // Its release would make it one that is to be tried again, which must not go unseen.
  return step.send === undefined || mayStillBeSending(ctx, step.send)
    ? [{ check: key, if: { equals: { status: 'sending' } } }]
    : callOff(step, now);
}

function callOff(step: Step, now: number): readonly Write[] {
  const send = step.send === undefined ? {} : { send: calledOff(step, step.send) };
  return [
    {
      put: stepItem({ ...step, status: 'cancelled', ...send, endedAt: now }),
      if: { equals: { status: step.status } },
    },
  ];
}

/** Between two attempts a message certainly has not left, unless one of them broke off. */
function calledOff({ status }: Step, send: Send): Send {
  const { owner: _owner, leaseUntil: _leaseUntil, ...kept } = send;
  return status === 'sending' || send.uncertain === true
    ? { ...kept, status: 'unknown', detail: 'the instance ended after an attempt had broken off' }
    : { ...kept, status: 'skipped', detail: 'the instance ended before it was sent' };
}
