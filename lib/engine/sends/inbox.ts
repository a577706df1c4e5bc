/** The inbox of a customer: what the application shows inside itself, newest first, and what of it was read. */
import { KalciferError } from '../../kalcifer-error.ts';
import { checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import { inboxItem, inboxMessageOf, isShown, type InboxMessage } from '../records/inbox-message.ts';
import { inboxPk, keys } from '../records/keys.ts';

export interface InboxQuery {
  readonly tenant: string;
  readonly customer: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Goes on after this message. */
  readonly after?: string;
}

export interface InboxPage {
  readonly messages: readonly InboxMessage[];
  /** Goes on after this one; absent at the end. */
  readonly next?: string;
}

/** Newest first, without what has expired. A page may be short of its limit while there are more. */
export async function listInbox(
  ctx: Pick<EngineContext, 'table' | 'clock'>,
  { tenant, customer, limit, after }: InboxQuery,
): Promise<InboxPage> {
  checkIds({ customer });
  const page = await ctx.table.query({
    pk: inboxPk(tenant, customer),
    limit,
    backward: true,
    ...(after === undefined ? {} : { after }),
  });
  const now = ctx.clock.now();
  const messages = page.items.map(inboxMessageOf).filter((message) => isShown(message, now));
  const last = page.items.at(-1);
  return { messages, ...(page.more && last !== undefined ? { next: last.sk } : {}) };
}

/**
 * Notes when the message was read first; reading it again changes nothing.
 *
 * @throws KalciferError `message.unknown`, also for one that has expired
 */
export async function markRead(
  ctx: Pick<EngineContext, 'table' | 'clock'>,
  of: { readonly tenant: string; readonly customer: string; readonly message: string },
): Promise<InboxMessage> {
  const { tenant, customer, message: id } = of;
  checkIds({ customer, message: id });
  return lookAgain(async () => {
    const item = await ctx.table.get(keys.inboxMessage(tenant, customer, id));
    const message = item === undefined ? undefined : inboxMessageOf(item);
    const now = ctx.clock.now();
    if (message === undefined || !isShown(message, now)) {
      throw new KalciferError('message.unknown', `There is no message "${id}" in this inbox.`);
    }
    if (message.readAt !== undefined) return message;
    const read: InboxMessage = { ...message, readAt: now };
    const answer = await ctx.table.write({
      name: 'inbox.read',
      writes: [{ put: inboxItem(read), if: { revision: 0 } }],
    });
    return answer.done ? read : 'conflict';
  });
}
