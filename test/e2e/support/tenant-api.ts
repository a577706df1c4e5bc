/** The HTTP API in the name of one tenant. So many requests at once: each is a process on the emulator. */
import { addressOf } from '../../../bin/api-client.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';

export interface TenantApi {
  /** @throws KalciferError with the code of a refusal */
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
}

const requestsMax = 8;

export function tenantApi(apiUrl: string, key: string): TenantApi {
  let running = 0;
  const queue: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    if (running >= requestsMax) await new Promise<void>((resolve) => queue.push(resolve));
    else running += 1;
  };
  const over = (): void => {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    call: async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
      await turn();
      try {
        const response = await fetch(addressOf(apiUrl, path), {
          method,
          headers: { 'x-api-key': key, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const answer = await response.text();
        if (response.ok) return JSON.parse(answer) as Answer;
        throw refusal(response.status, answer);
      } finally {
        over();
      }
    },
  };
}

function refusal(status: number, answer: string): Error {
  try {
    const { error } = JSON.parse(answer) as { error: { code: string; message: string } };
    return new KalciferError(error.code, error.message);
  } catch {
    return new Error(`The API answered ${status}: ${answer}`);
  }
}
