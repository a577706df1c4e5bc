/**
 * The local outbox: a channel that records messages instead of sending them, for a developer to look at. It deduplicates by the
 * message's key, so it may be called again after a crash.
 */
import type { Channel, OutgoingMessage } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Item, Table } from '../../ports/table.ts';

export interface OutboxPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A recorded message, with the instant (epoch milliseconds) at which it would have been sent. */
interface RecordedMessage extends Omit<OutgoingMessage, 'key' | 'tenant' | 'request'> {
  readonly id: string;
  readonly at: number;
}

export function outboxChannel({ table, clock, ids }: OutboxPorts): Channel {
  return {
    idempotent: true,
    send: async ({ key, tenant, request: _request, ...message }) => {
      const at = clock.now();
      const id = ids.next(at);
      const answer = await table.write({
        name: 'outbox.record',
        writes: [
          { put: { pk: `${part(tenant)}#sent`, sk: part(key), id }, if: 'absent' },
          { put: { pk: outboxPk(tenant), sk: id, at, ...message } },
        ],
      });
      const known = answer.done ? id : idOf(answer.refused[0]?.current);
      return { kind: 'accepted', providerMessageId: known ?? id };
    },
  };
}

export interface OutboxQuery {
  readonly tenant: string;
  readonly limit: number;
  readonly after?: string;
}

export interface OutboxPage {
  readonly messages: readonly RecordedMessage[];
  /** Goes on after this one; absent at the end. */
  readonly next?: string;
}

/** Newest first. */
export async function listOutbox(table: Table, of: OutboxQuery): Promise<OutboxPage> {
  const page = await table.query({
    pk: outboxPk(of.tenant),
    limit: of.limit,
    backward: true,
    ...(of.after === undefined ? {} : { after: of.after }),
  });
  const messages = page.items.map(messageOf);
  const last = messages.at(-1);
  return { messages, ...(page.more && last !== undefined ? { next: last.id } : {}) };
}

function messageOf({ pk: _pk, sk, ...fields }: Item): RecordedMessage {
  return { ...fields, id: sk } as unknown as RecordedMessage;
}

function idOf(item: Item | undefined): string | undefined {
  return typeof item?.id === 'string' ? item.id : undefined;
}

function outboxPk(tenant: string): string {
  return `${part(tenant)}#outbox`;
}

function part(text: string): string {
  return encodeURIComponent(text);
}
