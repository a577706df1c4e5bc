/**
 * Takes a place under every frequency cap that applies to a message, or refuses (semantics 3.4). The place is one write, to be made
 * in the very group that claims the message: whoever writes first has it, everybody else looks again.
 */
import { spellDuration } from '../../journey/duration.ts';
import { exceededCap, recordSend, withdrawSend } from '../../journey/frequency-cap.ts';
import type { FrequencyCap } from '../../journey/graph.ts';
import type { Write, WriteGroup } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import type { PreparedNode } from '../journeys/prepared-version.ts';
import type { Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { putSendTimes, sendTimesOf } from '../records/send-times.ts';
import type { Send } from '../records/step.ts';
import { tenantCapsOf } from '../records/tenant-caps.ts';

export type Reservation =
  | { readonly kind: 'reserved'; readonly write: Write }
  | { readonly kind: 'capped'; readonly by: FrequencyCap };

/**
 * Every message is recorded, capped or not: a cap counts what all journeys of the tenant send.
 *
 * @param attempt channel and time of the message, and the time of an earlier attempt that may have left, whose place it takes
 */
export async function reserveSend(
  ctx: EngineContext,
  { tenant, customer }: Instance,
  node: PreparedNode,
  attempt: { readonly channel: string; readonly at: number; readonly instead?: number },
): Promise<Reservation> {
  const { channel, at, instead } = attempt;
  const [row, capsRow] = await Promise.all([
    ctx.table.get(keys.sendTimes(tenant, customer)),
    ctx.table.get(keys.tenantCaps(tenant)),
  ]);
  const before = sendTimesOf(row);
  const { caps, rememberMs } = tenantCapsOf(capsRow);
  const others =
    instead === undefined ? before.sends : withdrawSend(before.sends, channel, instead);
  const by = exceededCap(others, [...caps, ...node.caps], channel, at);
  if (by !== undefined) return { kind: 'capped', by };
  const sends = recordSend(others, channel, at, rememberMs);
  return { kind: 'reserved', write: putSendTimes({ tenant, customer }, before, sends) };
}

/**
 * Gives the place of a message back that was not sent; to be written in the group that records this. A message of which an attempt
 * may have left keeps its place.
 */
export async function releaseReservation(
  ctx: EngineContext,
  { tenant, customer }: Instance,
  { channel, at, uncertain }: Send,
): Promise<readonly Write[]> {
  if (at === undefined || uncertain === true) return [];
  const before = sendTimesOf(await ctx.table.get(keys.sendTimes(tenant, customer)));
  const sends = withdrawSend(before.sends, channel, at);
  return sends === before.sends ? [] : [putSendTimes({ tenant, customer }, before, sends)];
}

/** Writes a group whose first condition alone decides, together with the release of the message's place. */
export async function writeWithRelease(
  ctx: EngineContext,
  instance: Instance,
  send: Send,
  group: WriteGroup,
): Promise<void> {
  await lookAgain(async () => {
    const release = await releaseReservation(ctx, instance, send);
    const answer = await ctx.table.write({ ...group, writes: [...group.writes, ...release] });
    const isDecided = answer.done || answer.refused.some(({ at }) => at < group.writes.length);
    return isDecided ? 'decided' : 'conflict';
  });
}

/** In words that follow "not sent: ". */
export function explainCap({ channel, max, windowMs }: FrequencyCap): string {
  const messages = `message${max === 1 ? '' : 's'}${channel === 'all' ? '' : ` by ${channel}`}`;
  return `at most ${max} ${messages} in ${spellDuration(windowMs)}`;
}
