/**
 * What becomes of the places a customer is in when the instance ends (semantics T7, T9): waits are cancelled, messages that have
 * not left are called off, and one that is being sent counts as handed over and is recorded when its provider answers.
 */
import type { Write } from '../ports/table.ts';
import type { EngineContext } from './engine-context.ts';
import { instanceOf, isTerminal, type Instance } from './records/instance.ts';
import { keys } from './records/keys.ts';
import { stepItem, stepOf, type Step } from './records/step.ts';

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
  // Its release would make it one that is to be tried again, which must not go unseen.
  return step?.status === 'sending' ? [{ check: key, if: { equals: { status: 'sending' } } }] : [];
}

function callOff(step: Step, now: number): readonly Write[] {
  const detail = 'the instance ended before it was sent';
  const send = step.send === undefined ? {} : { send: { ...step.send, status: 'skipped', detail } };
  return [
    {
      put: stepItem({ ...step, status: 'cancelled', ...send, endedAt: now } as Step),
      if: { equals: { status: 'retrying' } },
    },
  ];
}
