/**
 * What a cancelled transaction means. DynamoDB gives one reason for each write, in their order:
 *
 * | reasons                                                                   | meaning                                        |
 * |---------------------------------------------------------------------------|------------------------------------------------|
 * | `ValidationError`, `ItemCollectionSizeLimitExceeded`                      | the call is wrong: it fails again and again     |
 * | `TransactionConflict`, `ThrottlingError`, `ProvisionedThroughputExceeded` | nobody judged that write: try again            |
 * | `ConditionalCheckFailed` and `None`, nothing else                         | a refusal                                      |
 *
 * Where several meet, the upper row counts: a refusal must tell every failed condition, and a write that was not judged may hide one.
 */
import type { CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { Refusal, WriteAnswer } from '../../../ports/table.ts';
import { refusal } from './refusal.ts';
import { refusedCall } from './table-failure.ts';
import type { InTheWay } from './try-again.ts';

/** @throws KalciferError `table.misuse` */
export function judgeCancellation(error: TransactionCanceledException): WriteAnswer | InTheWay {
  const reasons = error.CancellationReasons ?? [];
  const wrong = reasons.find(({ Code }) => Code !== undefined && wrongCalls.has(Code));
  if (wrong !== undefined) throw refusedCall(wrong.Code, wrong.Message, error);
  const unjudged = reasons.find(({ Code }) => !isJudged(Code));
  if (unjudged !== undefined) return { inTheWay: unjudged.Code ?? 'an unknown reason' };
  const refused = reasons.flatMap(refusalsOf);
  // A cancellation without reasons tells nothing.
  return refused.length === 0 ? { inTheWay: error.name } : { done: false, refused };
}

const wrongCalls: ReadonlySet<string> = new Set([
  'ValidationError',
  'ItemCollectionSizeLimitExceeded',
]);

function isJudged(code: string | undefined): boolean {
  return code === 'None' || code === failedCondition;
}

const failedCondition = 'ConditionalCheckFailed';

function refusalsOf({ Code, Item }: CancellationReason, at: number): Refusal[] {
  return Code === failedCondition ? [refusal(at, Item)] : [];
}
