/** The channel behind `send_in_app`: delivers into the inbox in our own table, so a repeated call changes nothing. */
import type { Channel, OutgoingMessage } from '../../ports/channel.ts';
import type { EngineContext } from '../engine-context.ts';
import { inboxItem, type InboxMessage } from '../records/inbox-message.ts';
import { keys } from '../records/keys.ts';

export function inboxChannel({
  table,
  clock,
  ids,
}: Pick<EngineContext, 'table' | 'clock' | 'ids'>): Channel {
  return {
    idempotent: true,
    send: async (message) => {
      const at = clock.now();
      const id = ids.next(at);
      const { tenant, instance, node } = message;
      const answer = await table.write({
        name: 'inbox.put',
        writes: [
          { put: { ...keys.inboxReceipt(tenant, instance, node), id }, if: 'absent' },
          { put: inboxItem(inboxMessage(message, id, at)) },
        ],
      });
      const known = answer.done ? id : answer.refused[0]?.current?.id;
      return { kind: 'accepted', providerMessageId: typeof known === 'string' ? known : id };
    },
  };
}

function inboxMessage(message: OutgoingMessage, id: string, at: number): InboxMessage {
  const { tenant, customer, subject, body, placement, expiresAt, journey, instance, node } =
    message;
  return {
    tenant,
    customer,
    id,
    ...(subject === undefined ? {} : { subject }),
    body,
    ...(placement === undefined ? {} : { placement }),
    journey,
    instance,
    node,
    at,
    ...(expiresAt === undefined ? {} : { until: expiresAt }),
  };
}
