/**
 * Calls the HTTP API for commands that work on a running Kalcifer. Where it is comes from `--url` or KALCIFER_URL, who asks from
 * KALCIFER_KEY: a key on the command line would be seen by everybody on the machine.
 */
import type { Command } from 'commander';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { KalciferError, type Problem } from '../lib/kalcifer-error.ts';

export interface ApiClient {
  /** @throws KalciferError with the code of the API's answer, or `api.unreachable` */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: JsonObject,
  ): Promise<JsonObject>;
}

export interface ApiClientOptions {
  readonly url: string;
}

export function withApiOptions(command: Command): Command {
  return command.option(
    '--url <url>',
    'where the API is (or KALCIFER_URL); your key is read from KALCIFER_KEY',
    process.env['KALCIFER_URL'] ?? 'http://127.0.0.1:4500',
  );
}

/**
 * @param key instead of KALCIFER_KEY
 * @throws KalciferError `key.missing`
 */
export function apiClient({ url }: ApiClientOptions, key = process.env['KALCIFER_KEY']): ApiClient {
  if (key === undefined || key === '') {
    throw new KalciferError(
      'key.missing',
      'Put your API key into the environment variable KALCIFER_KEY.',
    );
  }
  return {
    call: async (method, path, body) => {
      const response = await request(url, path, {
        method,
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok && isJsonObject(answer)) return answer;
      throw refusal(response.status, answer);
    },
  };
}

async function request(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(addressOf(url, path), init);
  } catch (cause) {
    throw new KalciferError(
      'api.unreachable',
      `Nothing answers at ${url}; start it with "kalcifer dev", or say where it is with --url.`,
      { cause },
    );
  }
}

/** Behind a gateway, the API has a path of its own: `https://….amazonaws.com/api/`. */
export function addressOf(url: string, path: string): URL {
  const base = new URL(url);
  return new URL(`${base.pathname.replace(/\/+$/, '')}${path}`, base);
}

function refusal(status: number, answer: unknown): KalciferError {
  const error = isJsonObject(answer) ? answer.error : undefined;
  if (!isJsonObject(error) || typeof error.code !== 'string' || typeof error.message !== 'string') {
    return ofGateway(status);
  }
  const problems = error.problems as unknown as readonly Problem[] | undefined;
  return new KalciferError(error.code, error.message, {
    ...(problems === undefined ? {} : { problems }),
  });
}

/** Amazon API Gateway judges keys and quotas itself, before Kalcifer hears of the request. */
function ofGateway(status: number): KalciferError {
  if (status === 403) {
    return new KalciferError('key.unknown', 'The gateway before the API does not know this key.');
  }
  if (status === 429) {
    return new KalciferError('api.too_many', 'The key has used up its requests; try again later.');
  }
  return new KalciferError('api.unreachable', `What answers there is not Kalcifer (${status}).`);
}
