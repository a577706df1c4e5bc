/**
 * The webhook: which journey a path opens. One row per path and tenant, so a path belongs to one journey at a time; it stays while
 * the journey is paused.
 */
import type { Condition, Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';

export interface Webhook {
  readonly path: string;
  readonly journey: string;
  readonly node: string;
  /** Name of the secret that callers sign with. */
  readonly secretRef?: string;
}

export function webhookItem(tenant: string, { path, ...fields }: Webhook): Item {
  return { ...keys.webhook(tenant, path), ...fields };
}

export function webhookOf(item: Item): Webhook {
  const { pk: _pk, sk, ...fields } = item;
  return { path: keyParts(sk)[0] ?? '', ...fields } as unknown as Webhook;
}

/** The path belongs to whom it belonged when it was read, or to nobody as then. */
export function stillHeldBy(before: Webhook | undefined): Condition {
  return before === undefined ? 'absent' : { equals: { journey: before.journey } };
}
