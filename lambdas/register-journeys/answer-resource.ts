/** Answers CloudFormation: a small JSON document, put where it asked for it. Without an answer, a deployment hangs. */
import { setTimeout as wait } from 'node:timers/promises';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { ResourceRequest } from './input.ts';

export type Outcome =
  { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string };

/** Sends a body to an address; rejects unless it was taken. */
export type Put = (url: string, body: string) => Promise<void>;

/** CloudFormation takes 4,096 bytes; the rest of the answer needs some of them. */
const reasonBytesMax = 2_500;

/** Between attempts: nobody calls the function again, so a moment without network must not be the end. */
const pausesMs = [500, 2_000, 5_000] as const;

/** @throws KalciferError `deployment.unanswered` */
export async function answerResource(
  request: ResourceRequest,
  outcome: Outcome,
  put: Put,
  pause: (ms: number) => Promise<unknown> = wait,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId } = request;
  const body = JSON.stringify({
    Status: outcome.kind === 'done' ? 'SUCCESS' : 'FAILED',
    ...(outcome.kind === 'done' ? {} : { Reason: cut(outcome.reason) }),
    // Always the same one: another would make CloudFormation delete what it takes for the old resource.
    PhysicalResourceId: PhysicalResourceId ?? 'kalcifer-journeys',
    StackId,
    RequestId,
    LogicalResourceId,
  });
  for (const pauseMs of [0, ...pausesMs]) {
    if (pauseMs > 0) await pause(pauseMs);
    try {
      await put(request.ResponseURL, body);
      return;
    } catch {
      // Whatever it was, the address stays the same and so does the answer.
    }
  }
  throw new KalciferError(
    'deployment.unanswered',
    'CloudFormation did not take the answer; it will wait until its own timeout.',
  );
}

const putMsMax = 10_000;

/** The address is signed for an empty content type. */
export const putByFetch: Put = async (url, body) => {
  const { ok, status } = await fetch(url, {
    method: 'PUT',
    body,
    headers: { 'content-type': '' },
    signal: AbortSignal.timeout(putMsMax),
  });
  if (!ok) throw new Error(`status ${status}`);
};

function cut(reason: string): string {
  const bytes = Buffer.from(reason, 'utf8');
  if (bytes.length <= reasonBytesMax) return reason;
  return `${bytes
    .subarray(0, reasonBytesMax)
    .toString('utf8')
    .replace(/\uFFFD$/, '')} ...`;
}
