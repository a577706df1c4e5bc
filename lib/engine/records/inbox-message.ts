/**
 * The inbox message: what `send_in_app` puts before one customer, until it expires. The receipt beside it, in the instance's own
 * partition, says that this step has put its message there, so that it is put there once.
 */
import type { Json } from '../../json.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';

export interface InboxMessage {
  readonly tenant: string;
  readonly customer: string;
  /** Later messages have greater ids. */
  readonly id: string;
  readonly subject?: string;
  readonly body: string;
  readonly placement?: string;
  readonly journey: string;
  readonly instance: string;
  readonly node: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** From then on it is not shown any more. */
  readonly until?: number;
  readonly readAt?: number;
}

/** Garbage is removed some time after it expired; what is shown is decided by comparing times (semantics 7.12.5). */
export function inboxItem({ tenant, customer, id, ...fields }: InboxMessage): Item {
  return {
    ...keys.inboxMessage(tenant, customer, id),
    ...(fields as unknown as Record<string, Json>),
    ...(fields.until === undefined ? {} : { expiresAt: Math.ceil(fields.until / 1000) }),
    ...(fields.readAt === undefined ? {} : { revision: 1 }),
  };
}

export function inboxMessageOf({
  pk,
  sk,
  expiresAt: _expiresAt,
  revision: _revision,
  ...fields
}: Item): InboxMessage {
  const [tenant, , customer] = keyParts(pk);
  return { ...fields, tenant, customer, id: sk } as unknown as InboxMessage;
}

/** An end that has come counts: half-open, as every other deadline. */
export function isShown({ until }: Pick<InboxMessage, 'until'>, now: number): boolean {
  return until === undefined || now < until;
}
