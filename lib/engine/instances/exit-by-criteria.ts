/**
 * Takes customers out of a journey when its exit criteria come true (semantics 3.3): by an event at once, by a fact before a node
 * and when we see the profile change. The instance's row decides every race: from the write of its status on, no effect commits.
 */
import { exitByEvent, exitByFacts } from '../../journey/exit-criteria.ts';
import { needsOf } from '../../nodes/needs-of.ts';
import type { ReceivedEvent } from '../../nodes/node-type.ts';
import type { Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { exitInstance } from './exit-instance.ts';
import { preparedVersionOf } from '../journeys/load-version.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import type { Instance } from '../records/instance.ts';
import { factsOf } from '../steps/run-context.ts';

const reason = 'exit_criteria';

/** @returns true when a condition of the version holds for this instance, which has ended then */
export async function leavesByCriteria(
  ctx: EngineContext,
  instance: Instance,
  version: PreparedVersion,
): Promise<boolean> {
  if (version.exit.rules.length === 0) return false;
  const because = await holdingFact(ctx, instance, version);
  if (because === undefined) return false;
  await exitInstance(ctx, instance, () => ({ reason, note: because }));
  return true;
}

/** Lets an event take one instance out; the record of the event is written with the exit, when that is all it does. */
export async function leaveByEvent(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly instance: string },
  event: ReceivedEvent,
  record?: Write,
): Promise<'claimed' | 'missed'> {
  const { tenant, instance: id } = of;
  const answer = await exitInstance(
    ctx,
    { tenant, id },
    async (instance) => {
      if (instance.consumed.includes(event.id)) return undefined;
      const note = exitByEvent((await preparedVersionOf(ctx, instance)).exit, event);
      return note === undefined ? undefined : { reason, note };
    },
    record,
  );
  return answer === 'stays' ? 'missed' : 'claimed';
}

async function holdingFact(
  ctx: EngineContext,
  instance: Instance,
  { exit }: PreparedVersion,
): Promise<string | undefined> {
  return exitByFacts(exit, await factsOf(ctx, instance, needsOf(exit.roots)));
}
