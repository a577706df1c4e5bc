/**
 * What becomes of a step when its message was handed over, or not (semantics 1, send failure rule): by default the journey goes
 * on whatever happened to one message.
 */
import type { JsonObject } from '../../json.ts';
import type { Delivery, Outcome } from '../node-type.ts';

export type OnFailure = 'continue' | 'fail';

/** A message that could not reach this recipient fails the node only on request; a capped or an uncertain one never does. */
export function deliveryOutcome(delivery: Delivery, onFailure: OnFailure): Outcome {
  const { status, providerMessageId } = delivery;
  const detail = delivery.detail === '' ? undefined : delivery.detail;
  if (onFailure === 'fail' && (status === 'failed' || status === 'skipped')) {
    return {
      kind: 'failed',
      code: `send.${status}`,
      detail: detail ?? words[status],
      retryable: false,
    };
  }
  const result: JsonObject = {
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(providerMessageId === undefined ? {} : { provider_message_id: providerMessageId }),
  };
  if (status === 'sent') return { kind: 'completed', result };
  const note = detail === undefined ? words[status] : `${words[status]}: ${detail}`;
  return { kind: 'completed', result, notes: [note] };
}

const words: Readonly<Record<Delivery['status'], string>> = {
  sent: 'sent',
  failed: 'not delivered',
  skipped: 'not sent',
  capped: 'not sent, because the customer has had enough messages',
  unknown: 'nobody can tell whether it was sent, so it is not sent again',
};
