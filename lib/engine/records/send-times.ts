/**
 * The send times: when messages were claimed for one customer, by any journey of the tenant. Frequency caps are judged on this row,
 * and every claim of a message is written in one group with it, so that two claims can never both take the last place.
 */
import type { Json } from '../../json.ts';
import type { SendTimes } from '../../journey/frequency-cap.ts';
import type { Item, Write } from '../../ports/table.ts';
import { keys } from './keys.ts';

/** As it was read. */
export interface StoredSendTimes {
  readonly sends: SendTimes;
  /** Absent when there is no row yet. */
  readonly revision?: number;
}

export function sendTimesOf(item: Item | undefined): StoredSendTimes {
  if (item === undefined) return { sends: { byChannel: {} } };
  const { pk: _pk, sk: _sk, revision = 0, ...sends } = item;
  return { sends: sends as unknown as SendTimes, revision };
}

/** The row as it will be, on the condition that it is as it was read. */
export function putSendTimes(
  of: { readonly tenant: string; readonly customer: string },
  before: StoredSendTimes,
  sends: SendTimes,
): Write {
  return {
    put: {
      ...keys.sendTimes(of.tenant, of.customer),
      ...(sends as unknown as Record<string, Json>),
      revision: (before.revision ?? 0) + 1,
    },
    if: before.revision === undefined ? 'absent' : { revision: before.revision },
  };
}
