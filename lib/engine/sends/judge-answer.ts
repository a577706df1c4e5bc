/** What follows from a provider's answer (semantics 1, send failure rule; 7.10): the message is settled, or tried again later. */
import { retriesMax } from '../../nodes/machine-contract.ts';
import type { Delivery } from '../../nodes/node-type.ts';
import type { CallAnswer } from './call-provider.ts';

export interface Attempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Since the step began. */
  readonly waitedMs: number;
  /** True when the provider itself would notice a repetition. */
  readonly idempotent: boolean;
  /** True when an earlier attempt may have sent it. */
  readonly uncertain?: boolean;
}

export type Verdict =
  | { readonly kind: 'settle'; readonly delivery: Delivery }
  /** No message can go this way before somebody changes the set-up: the instance fails. */
  | { readonly kind: 'fail'; readonly detail: string }
  /** `counts`: the provider was called, which it may be only so often. */
  | { readonly kind: 'again'; readonly reason: string; readonly counts: boolean };

/** How long a message waits for a provider that is being spared; well within the machine's own patience with an outage. */
const heldMsMax = 3_600_000;

export function judgeAnswer(
  answer: CallAnswer,
  { attempt, waitedMs, idempotent, uncertain = false }: Attempt,
): Verdict {
  const isLast = attempt > retriesMax;
  const giveUp = (detail: string): Verdict =>
    settle({ status: uncertain ? 'unknown' : 'failed', detail });
  switch (answer.kind) {
    case 'accepted':
      return settle({
        status: 'sent',
        providerMessageId: answer.providerMessageId,
        ...responseOf(answer),
      });
    case 'refused':
      return settle({ status: 'failed', detail: answer.reason, ...responseOf(answer) });
    case 'misconfigured':
      return { kind: 'fail', detail: answer.reason };
    case 'unknown':
      // With the same key, an idempotent provider sends nothing twice; any other might.
      return idempotent && !isLast
        ? { kind: 'again', reason: answer.reason, counts: true }
        : settle({ status: 'unknown', detail: answer.reason });
    case 'transient':
      return isLast
        ? giveUp(`given up after ${attempt} attempts: ${answer.reason}`)
        : { kind: 'again', reason: answer.reason, counts: true };
    case 'held':
      return waitedMs > heldMsMax
        ? giveUp(`given up: ${answer.reason}`)
        : { kind: 'again', reason: answer.reason, counts: false };
  }
}

function responseOf({ response }: Pick<Delivery, 'response'>): Pick<Delivery, 'response'> {
  return response === undefined ? {} : { response };
}

function settle(delivery: Delivery): Verdict {
  return { kind: 'settle', delivery };
}
