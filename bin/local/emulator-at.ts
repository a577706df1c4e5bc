/** Who answers at an endpoint, and waiting until somebody does. */
import { setTimeout as sleep } from 'node:timers/promises';

/** `other`: something listens that emulates no AWS. */
export type Listener = 'ministack' | 'localstack' | 'other' | 'nobody';

/** One that has hundreds of functions to start takes seconds for everything else. */
const answerWithinMs = 20_000;

export async function listenerAt(endpoint: URL): Promise<Listener> {
  const own = await ask(new URL('/_ministack/ready', endpoint));
  if (own === 'nobody') return 'nobody';
  if (own === 200) return 'ministack';
  return (await ask(new URL('/_localstack/health', endpoint))) === 200 ? 'localstack' : 'other';
}

/** @param stillStarting false ends the waiting: what is waited for has died */
export async function untilReady(
  endpoint: URL,
  stillStarting: () => boolean,
  patienceMs: number,
): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end && stillStarting()) {
    const listener = await listenerAt(endpoint);
    if (listener === 'ministack' || listener === 'localstack') return true;
    await sleep(100);
  }
  return false;
}

async function ask(url: URL): Promise<number | 'nobody'> {
  try {
    const { status, body } = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
    await body?.cancel();
    return status;
  } catch (error) {
    return isRefused(error) ? 'nobody' : 0;
  }
}

/** A refused connection; one that is taken and then misbehaves is somebody. */
function isRefused(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string; errors?: readonly { code?: string }[] } };
  const codes = [cause?.code, ...(cause?.errors ?? []).map(({ code }) => code)];
  return codes.includes('ECONNREFUSED') || codes.includes('ENOTFOUND');
}
