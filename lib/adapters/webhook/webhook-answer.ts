/** What a receiver's status means for a webhook (semantics 1): taken, worth another call, or refused for good. */
import type { ChannelAnswer, OutgoingMessage, WebhookResponse } from '../../ports/channel.ts';

export function webhookAnswer(
  { key, request }: Pick<OutgoingMessage, 'key' | 'request'>,
  { status, text, cut }: WebhookResponse,
): ChannelAnswer {
  const response = { status, text, cut };
  const isExpected = request?.expect?.includes(status) ?? (status >= 200 && status <= 299);
  if (isExpected) return { kind: 'accepted', providerMessageId: key, response };
  const reason = `the receiver answered ${status}`;
  return isWorthAnotherCall(status)
    ? { kind: 'transient', reason }
    : { kind: 'refused', reason, response };
}

function isWorthAnotherCall(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}
