/** API keys: each belongs to one tenant. Only the hash of a key is stored, so a copy of the table opens nothing. */
import { createHash, randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { keys } from '../engine/records/keys.ts';
import { KalciferError } from '../kalcifer-error.ts';
import type { Table } from '../ports/table.ts';

/** What a request is made in the name of. */
export interface ApiVariables {
  readonly tenant: string;
}

/** Creates a key. It is shown this once and cannot be read back. */
export async function createApiKey(
  table: Table,
  of: { readonly tenant: string; readonly name: string },
  now: number,
): Promise<string> {
  const key = `kal_${randomBytes(24).toString('base64url')}`;
  await table.write({
    name: 'key.create',
    writes: [
      { put: { ...keys.apiKey(hashOf(key)), tenant: of.tenant, name: of.name, createdAt: now } },
      { put: { ...keys.tenant(of.tenant) } },
    ],
  });
  return key;
}

/** The tenant comes from the key, never from the body (semantics 3.7). */
export function authenticate(table: Table): MiddlewareHandler<{ Variables: ApiVariables }> {
  return async (c, next) => {
    const key = c.req.header('x-api-key') ?? bearer(c.req.header('authorization'));
    if (key === undefined) {
      throw new KalciferError(
        'key.missing',
        'Send your API key in the header "x-api-key" or "Authorization: Bearer <key>".',
      );
    }
    const item = await table.get(keys.apiKey(hashOf(key)));
    if (item === undefined) throw new KalciferError('key.unknown', 'This API key is not known.');
    c.set('tenant', item.tenant as string);
    await next();
  };
}

function bearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1];
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
